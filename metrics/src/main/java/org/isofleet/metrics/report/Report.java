package org.isofleet.metrics.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.isofleet.metrics.forecast.ForecastLog;
import org.isofleet.metrics.forecast.Ledger;
import org.isofleet.metrics.live.AtomicFile;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.Estimate;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunPolicy;

/**
 * The report of a study: one HTML file that needs nothing else, no network either. Charts are inline SVG whose colours follow the
 * reader's light or dark scheme.
 */
public final class Report {
    public static final String FILE = "report.html";

    private Report() {}

    /**
     * Writes {@code report.html} into a study folder from what stands in it; an older one is replaced whole.
     *
     * @throws InvalidSpecException when the folder holds no study
     * @throws IOException when it cannot be read or written
     */
    public static Path write(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        AtomicFile.write(file, text(folder));
        return file;
    }

    /**
     * The report of a study folder as HTML, from what stands in it.
     *
     * @throws InvalidSpecException when the folder holds no study
     * @throws IOException when it cannot be read
     */
    public static String text(Path folder) throws IOException {
        Ledger ledger = Ledger.of(new ForecastLog(folder.resolve(ForecastLog.FILE)));
        return render(StudyFolder.read(folder), ledger);
    }

    /** The report as HTML, of a study without forecasts. */
    public static String render(StudyView view) {
        return render(view, new Ledger(List.of()));
    }

    static String render(StudyView view, Ledger forecasts) {
        String name = view.plan().map(plan -> plan.name()).orElse("study");
        Html html = new Html();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<link rel=\"icon\" href=\"data:,\">\n");
        html.element("title", name + " · Isofleet report");
        html.raw("<style>\n").raw(resource("report.css")).raw("</style></head><body><main>\n");
        html.raw("<header>").element("h1", "Scaling study “" + name + "”");
        new SummarySection(view).write(html);
        html.raw("</header>\n");
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            for (Metric metric : Metric.values()) {
                metric(html, view, metric, resolution);
            }
        }
        ForecastSection sealed = new ForecastSection(forecasts);
        if (!sealed.empty()) {
            section(html, "forecasts", "Forecasts");
            sealed.write(html);
        }
        section(html, "completions", "Completions");
        completions(html, view);
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            CurvesSection curves = new CurvesSection(view, resolution);
            if (!curves.empty()) {
                section(html, "curves-" + resolution, "Training loss at " + resolution + "×" + resolution);
                curves.write(html);
            }
        }
        section(html, "all-runs", "Runs");
        html.raw(
                "<p class=\"soft\">Click a head to sort. Grey rows are trained and measured, but no fit rests on them.</p>\n");
        new RunsSection(view).write(html);
        decisions(html, view);
        choices(html, view);
        warnings(html, view);
        return html.raw("</main><script>\n")
                .raw(resource("report.js"))
                .raw("</script></body></html>\n")
                .toString();
    }

    private static void metric(Html html, StudyView view, Metric metric, int resolution) {
        ProfileSection profiles = new ProfileSection(view, metric, resolution);
        if (profiles.empty()) {
            return;
        }
        section(html, metric.key + "-" + resolution, metric.title + " at " + resolution + "×" + resolution);
        profiles.write(html);
        new LawSection(view, metric, resolution).write(html);
        new AccountingSection(view, metric, resolution).write(html);
        trajectory(html, view, metric, resolution);
    }

    /** How the exponent of N went while results came in. */
    private static void trajectory(Html html, StudyView view, Metric metric, int resolution) {
        List<Estimate> estimates = view.estimates().stream()
                .filter(estimate -> estimate.metric().equals(metric.key))
                .filter(estimate ->
                        String.valueOf(resolution).equals(estimate.group().get("resolution")))
                .toList();
        if (estimates.size() < 2) {
            return;
        }
        html.raw("<details><summary>How the exponent of N went</summary><table>"
                + "<tr><th>results</th><th>exponent of N</th><th>by</th><th>at</th></tr>\n");
        for (Estimate estimate : estimates) {
            html.raw("<tr>")
                    .element("td", String.valueOf(estimate.points()))
                    .element("td", Narrative.words(estimate.nExponent()))
                    .element("td", estimate.method())
                    .element("td", estimate.at().toString().substring(0, 19).replace('T', ' ') + " UTC")
                    .raw("</tr>\n");
        }
        html.raw("</table></details>\n");
    }

    private static void completions(Html html, StudyView view) {
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            CommonProtocol.runs(view, Metric.FD.key, resolution).stream()
                    .flatMap(run -> run.result(CompletionDistance.class).stream())
                    .findFirst()
                    .ifPresent(result -> protocol(html, resolution, result));
        }
        SamplesSection samples = new SamplesSection(view);
        if (samples.empty()) {
            html.raw("<p class=\"soft\">No samples were kept.</p>\n");
        } else {
            samples.write(html);
        }
    }

    private static void protocol(Html html, int resolution, CompletionDistance result) {
        html.raw("<p>")
                .text("At " + resolution + "×" + resolution
                        + " the top half of a test image is given, the model draws the "
                        + "rest at temperature " + result.temperature() + ". Distances are on the features “"
                        + result.features() + "”"
                        + (MeasuredAs.ours(result)
                                ? ": a small network of this project, not Inception, so they are not FID and compare with "
                                        + "nothing outside this report, nor between resolutions. "
                                : ", model file of SHA-256 " + result.featuresSha256() + ", by "
                                        + result.measuredBy().name(result.generated(), result.references())
                                        + ": they compare with distances of the same features, counts and protocol only. ")
                        + "Real against real, same counts, is "
                        + Metric.FD.show(result.floor())
                        + ": the same test images uncompleted. Completions can lie below it: they keep the real top half, "
                        + result.generated() + " images bias both distances up." + MeasuredAs.rank(result)
                        + " Protocol: " + result.protocol() + ".")
                .raw("</p>\n");
    }

    private static void choices(Html html, StudyView view) {
        section(html, "choices", "Every choice");
        html.raw("<dl>\n");
        view.plan().ifPresent(plan -> {
            plan.choices().forEach(choice -> {
                String[] parts = choice.split(": ", 2);
                html.element("dt", parts[0]).element("dd", parts.length > 1 ? parts[1] : "");
            });
            html.element("dt", "evaluation").element("dd", words(plan.evaluation()));
            html.element("dt", "staffing and retries").element("dd", words(plan.policy()));
            html.element("dt", "audit").element("dd", audited(plan.policy().audit()));
            protocols(html, view);
            html.element("dt", "study id").element("dd", plan.studyId());
        });
        html.raw("</dl>\n");
    }

    /** How each metric was measured, in the words that its results carry. */
    private static void protocols(Html html, StudyView view) {
        view.runs().stream()
                .flatMap(run -> run.trace().results().values().stream())
                .map(event -> event.result().protocol())
                .distinct()
                .sorted()
                .forEach(protocol -> html.element("dt", "protocol").element("dd", protocol));
    }

    private static String words(EvaluationSpec evaluation) {
        return evaluation.kinds().stream().map(Report::word).collect(Collectors.joining(", ", "", ": "))
                + count(evaluation.heldOutImages()) + " test images for the loss, " + count(evaluation.probeImages())
                + " training images for the probe, " + evaluation.completions() + " completions against "
                + count(evaluation.references()) + " references at temperature " + evaluation.temperature() + ", seed "
                + evaluation.seed() + "; " + words(evaluation.protocol());
    }

    private static String words(EvaluationProtocol protocol) {
        return protocol.probe().name().toLowerCase(Locale.ROOT) + " probe; distance by "
                + (protocol.distance() == DistanceProtocol.OWN
                        ? "counts of its own"
                        : "protocol " + protocol.distance())
                + (protocol.referenceResolution() == 0
                        ? ""
                        : ", references at " + protocol.referenceResolution() + " pixels")
                + (protocol.samplesPerPrompt() == 0
                        ? ""
                        : ", at least " + protocol.samplesPerPrompt() + " completions of an image")
                + ", on features "
                + (protocol.features().embedded()
                        ? "that come with the program"
                        : "of " + protocol.features().card());
    }

    private static String word(EvaluationKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String count(int atMost) {
        return atMost == 0 ? "all" : "at most " + atMost;
    }

    private static String words(RunPolicy policy) {
        return Narrative.some(policy.workersPerRun(), "worker")
                + " a run before another is started and more while nobody else needs them, parked after "
                + Narrative.some(policy.attempts(), "failure") + ", waits from " + Notation.time(policy.backoff())
                + " to "
                + Notation.time(policy.maxBackoff()) + "; a worker has " + Notation.time(policy.prepareTimeout())
                + " to report and " + Notation.time(policy.evaluationLimit()) + " for a metric; parked after "
                + Notation.time(policy.waitLimit()) + " without a worker that can compute it";
    }

    /** What the audit can promise; the hashes that all members compare do not depend on it. */
    private static String audited(double share) {
        if (share == 0) {
            return "none: differing parameters and moments are refused at every step, a gradient that was silently wrong is not";
        } else if (share == 1) {
            return "every step was computed twice, in groups by different workers, and compared before use";
        }
        String percent = Notation.fixed(100 * share, 2) + " %";
        return percent + " of the steps were computed twice, in groups by different workers, and compared before use:"
                + " a gradient that was silently wrong once had a chance of " + percent + " to be noticed";
    }

    /** What a study that adapts itself decided, with its reasons. */
    private static void decisions(Html html, StudyView view) {
        if (view.adapted().isEmpty()) {
            return;
        }
        section(html, "decisions", "Decisions");
        html.raw("<ol>\n");
        view.adapted()
                .forEach(adapted -> html.element(
                        "li",
                        adapted.at().toString().substring(0, 19).replace('T', ' ') + " UTC, "
                                + adapted.resolution() + "×" + adapted.resolution() + ": "
                                + Narrative.words(view, adapted)));
        html.raw("</ol>\n");
    }

    private static void warnings(Html html, StudyView view) {
        if (view.warnings().isEmpty()) {
            return;
        }
        section(html, "warnings", "Warnings");
        html.raw("<ul>\n");
        view.warnings().forEach(warning -> html.element("li class=\"warning\"", warning.at() + " " + warning.text()));
        html.raw("</ul>\n");
    }

    private static void section(Html html, String id, String title) {
        html.format("<h2 id=\"%s\">%s</h2>%n", Html.escape(id), Html.escape(title));
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
