package org.isofleet.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.isofleet.deploy.study.CheckStudies;
import org.isofleet.metrics.forecast.Forecast;
import org.isofleet.metrics.forecast.ForecastLog;
import org.isofleet.metrics.forecast.Growth;
import org.isofleet.metrics.forecast.Ledger;
import org.isofleet.metrics.forecast.PaperCells;
import org.isofleet.metrics.forecast.Projection;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.PointsCsv;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isofleet forecast}: seals what the laws say of a budget before it is paid for, and scores it afterwards. */
@Command(
        name = "forecast",
        description = {
            "Seals what the laws say of a budget before it is paid for, scores it after the check run, and shows both.",
            "SOURCE is a study folder, a CSV file of points, or 'paper' for the cells that the paper published."
        },
        mixinStandardHelpOptions = true)
final class ForecastCommand implements Callable<Integer> {
    private static final String PAPER = "paper";

    @Parameters(paramLabel = "SOURCE", description = "A study folder, a CSV file, or 'paper'.")
    private String source = "";

    @Option(names = "--budget", paramLabel = "FLOPS", description = "Seal a forecast of this budget.")
    private @Nullable Double budget;

    @Option(
            names = "--check",
            paramLabel = "SOURCE",
            description = "Score the sealed forecasts by the runs of this study folder or CSV file; may be repeated.")
    private List<Path> checks = List.of();

    @Option(
            names = "--study",
            paramLabel = "STUDY",
            description = "With --budget: also write study files of the check runs, made from this one, beside it.")
    private @Nullable Path study;

    @Option(
            names = "--project",
            paramLabel = "FLOPS",
            split = ",",
            description = "Also a table of what the laws say of these budgets; not sealed.")
    private List<Double> project = List.of();

    @Option(
            names = "--growth",
            paramLabel = "FACTOR",
            split = ",",
            description = "Growth of compute a year, for the years until a projected budget (${DEFAULT-VALUE}).")
    private List<Double> growth = List.of(4.0, 5.0);

    @Option(names = "--from", paramLabel = "FLOPS", description = "Budget that can be had now (the largest fitted).")
    private @Nullable Double from;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "loss, top1 or fd of a study folder, or a column of a CSV file (${DEFAULT-VALUE}).")
    private String metric = "loss";

    @Option(names = "--maximise", description = "Large values of a CSV file's metric are good.")
    private boolean maximise;

    @Option(names = "--budget-column", paramLabel = "COL", description = "CSV: budgets (${DEFAULT-VALUE}).")
    private String budgetColumn = "budget_flops";

    @Option(names = "--params-column", paramLabel = "COL", description = "CSV: N (${DEFAULT-VALUE}).")
    private String paramsColumn = "params";

    @Option(names = "--tokens-column", paramLabel = "COL", description = "CSV: D (${DEFAULT-VALUE}).")
    private String tokensColumn = "tokens";

    @Option(names = "--group", paramLabel = "COL", split = ",", description = "CSV: columns that tell studies apart.")
    private List<String> group = List.of();

    @Option(
            names = "--method",
            converter = FitCommand.MethodConverter.class,
            description = "As of 'fit' (vpnls for what is minimised, local-parabola for an accuracy).")
    private @Nullable FitMethod method;

    @Option(names = "--bootstrap", paramLabel = "N", description = "Draws for the intervals (${DEFAULT-VALUE}).")
    private int bootstrap = 1000;

    @Mixin
    private IntervalOptions intervals = new IntervalOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        growth.forEach(factor -> Growth.of(1, 1, factor)); // refuses before anything is sealed
        ForecastAnswer answer = source.equals(PAPER) ? paper() : ofRuns(sourceAt(Path.of(source)));
        String text = json ? json(answer) : ForecastText.of(answer);
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private ForecastAnswer paper() {
        if (budget != null || !checks.isEmpty()) {
            throw new UserException("the paper's cells are projected, not sealed; use --project");
        }
        List<Double> budgets = project.isEmpty() ? PaperCells.BUDGETS : project;
        List<Projection> projections = PaperCells.laws().stream()
                .flatMap(law -> budgets.stream().map(law::at))
                .toList();
        return new ForecastAnswer(
                null, List.of(), List.of(), List.of(), projections, growths(budgets, PaperCells.LARGEST_BUDGET));
    }

    private ForecastAnswer ofRuns(ForecastSource runs) throws IOException {
        ForecastLog log = runs.log();
        List<String> notes = new ArrayList<>();
        List<String> written = new ArrayList<>();
        if (budget != null) {
            seal(runs, log, budget, notes, written);
        }
        if (!checks.isEmpty()) {
            score(log);
        }
        List<Projection> projections = project.isEmpty() ? List.of() : projections(runs);
        return new ForecastAnswer(
                log.file().toString(),
                notes,
                written,
                Ledger.of(log).forecasts(),
                projections,
                project.isEmpty() ? List.of() : growths(project, from(runs)));
    }

    private ForecastSource sourceAt(Path place) {
        return new ForecastSource(place, new PointsCsv(budgetColumn, paramsColumn, tokensColumn, metric, group));
    }

    private void seal(ForecastSource runs, ForecastLog log, double flops, List<String> notes, List<String> written)
            throws IOException {
        String begun = runs.begun(flops);
        if (begun != null) {
            throw new UserException("run " + begun + " of this study has " + flops
                    + " FLOPs or more and was begun; a forecast is sealed before, so give a larger --budget");
        }
        List<Forecast> made = new ArrayList<>();
        for (Map.Entry<Map<String, String>, List<Observation>> each :
                runs.fitted().entrySet()) {
            ScalingFit fit = Fits.fit(request(each.getKey(), each.getValue()).withExtrapolation(flops));
            try {
                // The bytes of a file tell no parts of a second that a reader would miss.
                made.add(Forecast.of(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS), metric, maximised(), fit, each.getValue()));
            } catch (InvalidSpecException e) {
                notes.add(e.getMessage());
            }
        }
        if (made.isEmpty()) {
            throw new UserException(notes.isEmpty() ? "no runs to forecast from" : notes.get(0));
        }
        for (Forecast forecast : made) {
            if (!Ledger.seal(log, forecast)) {
                notes.add("there is a forecast of " + flops + " FLOPs already" + named(forecast.group())
                        + ", and it stands; this one is kept as an attempt");
            }
        }
        if (study != null) {
            written.addAll(CheckStudies.write(study, made));
        }
    }

    private void score(ForecastLog log) throws IOException {
        List<Ledger.Standing> standings = Ledger.of(log).forecasts().stream()
                .filter(standing -> standing.forecast().metric().equals(metric))
                .filter(standing ->
                        budget == null || Math.abs(standing.forecast().budgetFlops() / budget - 1) < 1e-9)
                .toList();
        if (standings.isEmpty()) {
            throw new UserException(log.file() + ": no forecast of the " + metric + " is sealed"
                    + (budget == null ? "" : " for this budget") + "; seal one with --budget before its runs exist");
        }
        for (Ledger.Standing standing : standings) {
            List<Observation> runs = new ArrayList<>();
            Map<String, String> group = standing.forecast().group();
            for (Path check : checks) {
                sourceAt(Path.of(source)).requireSameProtocol(sourceAt(check), group);
                runs.addAll(sourceAt(check).all().getOrDefault(group, List.of()));
            }
            Ledger.score(log, standing, Instant.now().truncatedTo(ChronoUnit.SECONDS), runs);
        }
    }

    private List<Projection> projections(ForecastSource runs) throws IOException {
        List<Projection> all = new ArrayList<>();
        for (Map.Entry<Map<String, String>, List<Observation>> each :
                runs.fitted().entrySet()) {
            for (double flops : project) {
                all.add(Projection.of(
                        metric, Fits.fit(request(each.getKey(), each.getValue()).withExtrapolation(flops))));
            }
        }
        return all;
    }

    private double from(ForecastSource runs) throws IOException {
        return from != null
                ? from
                : runs.fitted().values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Observation::budgetFlops)
                        .max()
                        .orElseThrow();
    }

    private List<Growth> growths(List<Double> budgets, double largest) {
        double now = from == null ? largest : from;
        return budgets.stream()
                .filter(flops -> flops > now)
                .flatMap(flops -> growth.stream().map(factor -> Growth.of(now, flops, factor)))
                .toList();
    }

    private boolean maximised() {
        return maximise || (metric.equals("top1") && sourceAt(Path.of(source)).folder());
    }

    private FitRequest request(Map<String, String> values, List<Observation> members) {
        MetricDirection direction = maximised() ? MetricDirection.MAXIMISE : MetricDirection.MINIMISE;
        FitMethod by = method != null ? method : maximised() ? FitMethod.LOCAL_PARABOLA : FitMethod.VPNLS;
        return new FitRequest(
                values,
                members,
                by,
                direction,
                bootstrap,
                intervals.seed(),
                intervals.level(),
                intervals.noise(),
                null,
                List.of());
    }

    private static String named(Map<String, String> group) {
        return group.isEmpty() ? "" : " at " + group;
    }

    private static String json(ForecastAnswer answer) throws JsonProcessingException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", "forecast/1");
        if (answer.log() != null) {
            object.put("log", answer.log());
        }
        object.put("notes", answer.notes());
        object.put("check_studies", answer.checkStudies());
        object.put("forecasts", answer.forecasts());
        object.put("projections", answer.projections());
        object.put("growth", answer.growth());
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build()
                .writeValueAsString(object);
    }
}
