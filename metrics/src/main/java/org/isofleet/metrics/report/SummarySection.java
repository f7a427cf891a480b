package org.isofleet.metrics.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;

/** What the study found, in a few sentences and numbers, each with its uncertainty. */
final class SummarySection {
    private final StudyView view;

    SummarySection(StudyView view) {
        this.view = view;
    }

    void write(Html html) {
        long done = view.count(RunState.DONE);
        long parked = view.count(RunState.PARKED);
        long stopped = view.count(RunState.STOPPED);
        int leftOut = view.plan().map(plan -> plan.leftOut().size()).orElse(0);
        html.raw("<p class=\"soft\">")
                .text(done + " of " + view.runs().size() + " runs done" + (parked > 0 ? ", " + parked + " parked" : "")
                        + (stopped > 0 ? ", " + stopped + " stopped" : "")
                        + (leftOut > 0 ? ", " + Narrative.some(leftOut, "cell") + " left out" : "") + ". "
                        + (view.finished() == null ? "Unfinished: as of " : "Finished ")
                        + view.lastEventAt().toString().substring(0, 16).replace('T', ' ') + " UTC, after "
                        + Notation.time(view.elapsed()) + ".")
                .raw("</p>\n");
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            for (Metric metric : Metric.values()) {
                law(html, metric, resolution);
            }
        }
        List<String> caveats = Caveats.of(view);
        if (!caveats.isEmpty()) {
            html.raw("<ul class=\"caveats\">\n");
            caveats.forEach(caveat -> html.element("li", caveat));
            html.raw("</ul>\n");
        }
        html.raw("<div class=\"cards\">\n");
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            loss(html, resolution);
            probe(html, resolution);
            completions(html, resolution);
        }
        robustness(html);
        html.raw("</div>\n");
    }

    private void law(Html html, Metric metric, int resolution) {
        Optional<ScalingFit> fit =
                IsoflopProfiles.of(view, metric.key, resolution).fit();
        if (fit.isEmpty()) {
            return;
        }
        ScalingFit law = fit.get();
        Interval n = law.nExponent();
        Interval d = law.dExponent();
        html.raw("<p class=\"law\">").text(metric.title + at(resolution) + ": ");
        if (law.usable() && n != null && d != null) {
            html.raw("<b>" + Html.power("N_opt", n) + "</b>, <b>" + Html.power("D_opt", d) + "</b> ");
        } else {
            html.text("no law, " + law.reason() + " ");
        }
        html.format("<span class=\"badge %1$s\">%1$s</span> ", Html.escape(law.status()));
        html.raw("<span class=\"soft\">by ").text(law.method());
        if (law.usable() && law.reason() != null) {
            html.text("; " + law.reason());
        }
        if (n != null && n.level() > 0) {
            html.text("; intervals at " + Math.round(100 * n.level()) + " %");
        }
        html.raw("</span></p>\n");
        if (law.usable()) {
            ExactLaw.write(html, law);
        }
    }

    private void loss(Html html, int resolution) {
        best(Metric.LOSS, resolution, run -> run.loss()).ifPresent(run -> {
            HeldOutLoss loss = run.result(HeldOutLoss.class).orElseThrow();
            OptionalDouble entropy = ReferenceEntropy.of(view, resolution);
            String against = entropy.isEmpty()
                    ? ""
                    : " Entropy of joint colours: " + Notation.fixed(entropy.getAsDouble(), 2) + ".";
            card(
                    html,
                    "best held-out loss" + at(resolution) + ", nats a pixel",
                    Notation.fixed(loss.natsPerPixel(), 3) + " ± " + Notation.fixed(1.96 * loss.standardError(), 3),
                    Notation.fixed(loss.bitsPerDimension(), 3) + " bits a dimension, " + Narrative.name(run) + ", "
                            + loss.images() + " images, ± is 1.96 standard errors." + against);
        });
    }

    private void probe(Html html, int resolution) {
        best(Metric.TOP1, resolution, run -> run.top1()).ifPresent(run -> {
            LinearProbe probe = run.result(LinearProbe.class).orElseThrow();
            card(
                    html,
                    "best linear probe" + at(resolution) + ", " + MeasuredAs.accuracy(probe),
                    percent(probe.top1()),
                    "Layer " + probe.bestLayer() + " of " + Narrative.name(run) + ", " + probe.testImages()
                            + " test images. " + topFive(probe) + "Majority " + percent(probe.majority())
                            + ", untrained network "
                            + percent(probe.untrained()) + ", raw pixels " + percent(probe.rawPixels()) + ".");
        });
    }

    private void completions(Html html, int resolution) {
        best(Metric.FD, resolution, run -> run.frechetDistance()).ifPresent(run -> {
            CompletionDistance fd = run.result(CompletionDistance.class).orElseThrow();
            card(
                    html,
                    "lowest Fréchet distance of completions" + at(resolution) + ", " + MeasuredAs.words(fd),
                    Metric.FD.show(fd.distance()),
                    "Features " + fd.features() + ", " + fd.generated() + " completions against " + fd.references()
                            + " images, " + Narrative.name(run) + ". Real against real, same counts: "
                            + Metric.FD.show(fd.floor()) + "." + infinity(fd) + MeasuredAs.rank(fd));
        });
    }

    private static String topFive(LinearProbe probe) {
        Double top5 = probe.top5();
        return top5 == null ? "" : "Top-5 " + percent(top5) + ". ";
    }

    private static String infinity(CompletionDistance fd) {
        Double infinity = fd.infinity();
        return infinity == null
                ? ""
                : " Extrapolated to infinitely many completions: " + Metric.FD.show(infinity) + ".";
    }

    private void robustness(Html html) {
        int restarts =
                view.runs().stream().mapToInt(run -> run.trace().restarts()).sum();
        long regrouped =
                view.runs().stream().filter(run -> run.trace().generation() > 1).count();
        card(
                html,
                "restarts of runs",
                Integer.toString(restarts),
                regrouped + " runs went on in a later generation, after their group changed. "
                        + view.warnings().size() + " warnings.");
    }

    private Optional<RunView> best(Metric metric, int resolution, Function<RunView, OptionalDouble> value) {
        Comparator<RunView> order =
                Comparator.comparingDouble(run -> value.apply(run).orElseThrow());
        return CommonProtocol.runs(view, metric.key, resolution).stream()
                .min(metric.largerIsBetter() ? order.reversed() : order);
    }

    static String at(int resolution) {
        return " at " + resolution + "×" + resolution;
    }

    private static String percent(double share) {
        return Metric.TOP1.show(share);
    }

    private static void card(Html html, String name, String value, String note) {
        html.raw("<div class=\"card\"><div class=\"name\">").text(name);
        html.raw("</div><div class=\"value\">").text(value);
        html.raw("</div><div class=\"note\">").text(note).raw("</div></div>\n");
    }
}
