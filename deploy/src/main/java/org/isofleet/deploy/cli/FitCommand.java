package org.isofleet.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.isofleet.metrics.report.FitPlot;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.OptimaRatio;
import org.isofleet.metrics.scaling.PointsCsv;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private IntervalOptions intervals = new IntervalOptions();

    @Option(names = "--extrapolate", paramLabel = "FLOPS", description = "Also read the laws off at this budget.")
    private @Nullable Double extrapolate;

    @Option(
            names = "--against",
            paramLabel = "COL",
            description = "A second metric; the ratio of the two metrics' optima is told with its interval.")
    private @Nullable String against;

    @Option(names = "--against-maximise", description = "Large values of the second metric are good.")
    private boolean againstMaximise;

    @Option(names = "--plot", paramLabel = "FILE", description = "Also draw profiles and laws as an .svg or .png.")
    private @Nullable Path plot;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (points == null) {
            throw new UserException("name a CSV file of points");
        }
        if (plot != null) {
            FitPlot.check(plot);
        }
        Map<Map<String, String>, List<Observation>> groups = read(points, metric);
        List<ScalingFit> fits = new ArrayList<>();
        groups.forEach((values, members) -> fits.add(Fits.fit(request(values, members, maximise))));
        List<OptimaRatio> ratios = against == null ? List.of() : ratios(points, against, groups, fits);
        String text = json ? json(fits, ratios) : FitTable.of(fits) + RatioTable.of(ratios);
        if (plot != null) {
            draw(plot, fits, groups);
        }
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Map<Map<String, String>, List<Observation>> read(Path file, String column) {
        return new PointsCsv(budget, params, tokens, column, group).read(file);
    }

    private FitRequest request(Map<String, String> values, List<Observation> members, boolean largeIsGood) {
        MetricDirection direction = largeIsGood ? MetricDirection.MAXIMISE : MetricDirection.MINIMISE;
        return new FitRequest(
                values,
                members,
                method,
                direction,
                bootstrap,
                intervals.seed(),
                intervals.level(),
                intervals.noise(),
                extrapolate,
                List.of());
    }

    /** At the budgets whose optima the first metric's law rests on, and where it is extrapolated to. */
    private List<OptimaRatio> ratios(
            Path file, String column, Map<Map<String, String>, List<Observation>> groups, List<ScalingFit> fits) {
        Map<Map<String, String>, List<Observation>> others = read(file, column);
        List<OptimaRatio> all = new ArrayList<>();
        for (ScalingFit fit : fits) {
            List<Double> budgets = new ArrayList<>(fit.optima().stream()
                    .filter(ScalingFit.Optimum::used)
                    .map(ScalingFit.Optimum::budgetFlops)
                    .toList());
            if (extrapolate != null) {
                budgets.add(extrapolate);
            }
            all.addAll(OptimaRatio.of(
                    metric,
                    request(fit.group(), groups.getOrDefault(fit.group(), List.of()), maximise),
                    column,
                    request(fit.group(), others.getOrDefault(fit.group(), List.of()), againstMaximise),
                    budgets));
        }
        return all;
    }

    private void draw(Path file, List<ScalingFit> fits, Map<Map<String, String>, List<Observation>> groups)
            throws IOException {
        FitPlot.write(
                file,
                fits.stream()
                        .map(fit -> new FitPlot.Fitted(fit, groups.getOrDefault(fit.group(), List.of()), metric))
                        .toList());
    }

    private static String json(List<ScalingFit> fits, List<OptimaRatio> ratios) throws JsonProcessingException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("schema", "fit/1");
        answer.put("fits", fits);
        if (!ratios.isEmpty()) {
            answer.put("ratios", ratios);
        }
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
