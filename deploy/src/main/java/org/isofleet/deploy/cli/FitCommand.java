package org.isofleet.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.PointsCsv;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isofleet fit}: fits published or own points. */
@Command(
        name = "fit",
        description = "Fits scaling laws to the points of a CSV file: one line a run, columns by name.",
        mixinStandardHelpOptions = true)
final class FitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "POINTS.csv", description = "The points, with a header line.")
    private @Nullable Path points;

    @Option(names = "--budget", paramLabel = "COL", description = "Column of budgets in FLOPs (${DEFAULT-VALUE}).")
    private String budget = "budget_flops";

    @Option(names = "--params", paramLabel = "COL", description = "Column of N (${DEFAULT-VALUE}).")
    private String params = "params";

    @Option(names = "--tokens", paramLabel = "COL", description = "Column of D (${DEFAULT-VALUE}).")
    private String tokens = "tokens";

    @Option(names = "--metric", paramLabel = "COL", description = "Column of the metric (${DEFAULT-VALUE}).")
    private String metric = "loss";

    @Option(
            names = "--group",
            paramLabel = "COL",
            split = ",",
            description = "Columns that tell studies apart; one fit each.")
    private List<String> group = List.of();

    @Option(
            names = "--method",
            defaultValue = "vpnls",
            converter = MethodConverter.class,
            description = "akima, local-parabola, parabola, huber or vpnls (${DEFAULT-VALUE}).")
    private FitMethod method = FitMethod.VPNLS;

    @Option(names = "--maximise", description = "Large values of the metric are good, as of an accuracy.")
    private boolean maximise;

    @Option(names = "--bootstrap", paramLabel = "N", description = "Draws for the intervals, or 0 (${DEFAULT-VALUE}).")
    private int bootstrap = 200;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the draws (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--level", description = "Level of the intervals (${DEFAULT-VALUE}).")
    private double level = 0.95;

    @Option(
            names = "--noise",
            description = "Measured noise of the metric between seeds, relative for a loss; else it is estimated.")
    private @Nullable Double noise;

    @Option(names = "--extrapolate", paramLabel = "FLOPS", description = "Also read the laws off at this budget.")
    private @Nullable Double extrapolate;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws JsonProcessingException {
        if (points == null) {
            throw new UserException("name a CSV file of points");
        }
        Map<Map<String, String>, List<Observation>> groups =
                new PointsCsv(budget, params, tokens, metric, group).read(points);
        List<ScalingFit> fits = new ArrayList<>();
        groups.forEach((values, members) -> fits.add(Fits.fit(request(values, members))));
        String text = json ? json(fits) : FitTable.of(fits);
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private FitRequest request(Map<String, String> values, List<Observation> members) {
        MetricDirection direction = maximise ? MetricDirection.MAXIMISE : MetricDirection.MINIMISE;
        return new FitRequest(
                values, members, method, direction, bootstrap, seed, level, noise, extrapolate, List.of());
    }

    private static String json(List<ScalingFit> fits) throws JsonProcessingException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("schema", "fit/1");
        answer.put("fits", fits);
        return new ObjectMapper().writeValueAsString(answer);
    }

    /** Methods by their names. */
    static final class MethodConverter implements picocli.CommandLine.ITypeConverter<FitMethod> {
        @Override
        public FitMethod convert(String value) {
            return FitMethod.named(value);
        }
    }
}
