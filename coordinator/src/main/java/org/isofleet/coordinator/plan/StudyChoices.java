package org.isofleet.coordinator.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.isofleet.metrics.adaptive.AdaptiveRules;
import org.isofleet.metrics.live.Notation;
import org.isofleet.protocol.study.BatchRule;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelChoice;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.ScheduleRule;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyLimits;
import org.isofleet.protocol.study.StudySpec;

/** What a study chose where the paper is silent, as lines {@code name: value} for the report. */
final class StudyChoices {
    private final List<String> lines = new ArrayList<>();

    private StudyChoices() {}

    static List<String> of(StudySpec study, Map<Integer, ImageSetRef> images, TuningRule rule) {
        StudyChoices choices = new StudyChoices();
        choices.images(study, images);
        choices.grid(study);
        choices.model();
        choices.add("batch", batch(study.batch(), study.limits().fitMinSteps()));
        choices.add("virtual shards", virtualShards(study));
        choices.add("learning rate", rule.toString());
        choices.add(
                "optimizer",
                text(
                        "AdamW, beta1 %s, epsilon %s, weight decay %s, clip norm %s",
                        plain(study.optimizer().beta1()),
                        plain(study.optimizer().epsilon()),
                        plain(study.optimizer().weightDecay()),
                        plain(study.optimizer().clipNorm())));
        choices.add("schedule", schedule(study.schedule()));
        choices.limits(study.limits());
        choices.add("seeds", seeds(study));
        choices.add(
                "engine",
                study.engine() + " " + study.precision()
                        + (study.exact()
                                ? ", exact"
                                : ", not exact: a run may mix kernel classes, so its bits are not promised"));
        choices.add("checkpoints", "every " + study.checkpointEvery() + " steps and after the last");
        if (study.adaptive()) {
            choices.add("adaptive", adaptive());
        }
        return List.copyOf(choices.lines);
    }

    private static String adaptive() {
        return text(
                "the %d lowest budgets as they stand; above, within the compute of the grid, sizes around the best so far from %s times smaller"
                        + " to %s times larger, and what is left where the interval of the best N at 5 times the largest budget shrinks"
                        + " most; runs that cannot move it are stopped",
                AdaptiveRules.PILOT_BUDGETS, plain(AdaptiveRules.REACH), plain(AdaptiveRules.REACH));
    }

    private static String seeds(StudySpec study) {
        String all = numbers(study.seeds());
        return study.repeats().seeds().isEmpty()
                ? all
                : text(
                        "%s; %s besides at the middle size of %d budgets",
                        all, numbers(study.repeats().seeds()), study.repeats().cells());
    }

    private static String numbers(List<Long> seeds) {
        return seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private void images(StudySpec study, Map<Integer, ImageSetRef> images) {
        String location = study.images().location();
        add(
                "images",
                location + ", " + (study.images().channels() == 3 ? "RGB" : "grey") + ", "
                        + study.images().levels() + " levels a channel");
        add(
                "image split",
                location.startsWith(ImageSetRef.EMBEDDED)
                        ? "by group of concepts, 80 % train, 8 % validation, 12 % test, by the SHA-256 of the group's name;"
                                + " all vendors and resolutions alike"
                        : "test images as the folder names them; IDX training images: one in 12 for validation, by a hash of"
                                + " its index");
        for (int resolution : study.images().resolutions()) {
            ImageSetRef set = images.get(resolution);
            if (set != null) {
                add(
                        "training images at " + resolution + "x" + resolution,
                        set.trainImages() + ", set " + set.sha256().substring(0, 16));
            }
        }
    }

    private void grid(StudySpec study) {
        add(
                "budgets",
                study.budgets().stream()
                        .map(each -> Notation.flops(each.flops()))
                        .collect(Collectors.joining(
                                ", ", "", " FLOPs; 6 N D, attention not counted; exact FLOPs stand beside it")));
        add(
                "models",
                study.models() instanceof ModelChoice.Range range
                        ? text(
                                "%d of the model family, N from %.4g to %.4g",
                                range.count(), range.fromParams(), range.toParams())
                        : ((ModelChoice.Sizes) study.models())
                                .sizes().stream().map(ModelSize::toString).collect(Collectors.joining(", ")));
        add("N", "weights in matrix products, body and head; lookup tables not counted");
    }

    /** What no study file decides: the module that computes has it in {@code RotaryTable} and {@code Initialization}. */
    private void model() {
        add(
                "model",
                "decoder-only, pre-norm, one token a pixel in raster order, head predicts channels one after the other");
        add("positions", "RoPE, axial: half of a head's pairs turn with the row, half with the column, base 100");
        add("GEGLU", "8/3 of the width, down to a multiple of 16, at least 16");
        add(
                "initialisation",
                "normal; matrices 1 / sqrt(fan-in), those that write to the residual stream less by sqrt(2 layers), the head a"
                        + " tenth; a pixel's embedding 0.5, tables of the head 0.02; gains 1");
    }

    private void limits(StudyLimits limits) {
        add(
                "trained cells",
                text(
                        "at least %d steps, at most %s epochs, %s tokens per parameter, at most %s of memory a worker%s",
                        limits.minSteps(),
                        plain(limits.maxEpochs()),
                        ratio(limits),
                        memory(limits.memoryBytes()),
                        limits.trainUnfitted()
                                ? "; also those that no law rests on"
                                : "; only those that a law may rest on"));
        add(
                "fitted cells",
                "at least " + limits.fitMinSteps() + " steps"
                        + (limits.fitHeadDominated()
                                ? ", whatever the share of the head"
                                : ", head at most half of N"));
    }

    private static String ratio(StudyLimits limits) {
        boolean anyLeast = limits.minTokensPerParam() == 0;
        if (Double.isInfinite(limits.maxTokensPerParam())) {
            return anyLeast ? "any number of" : plain(limits.minTokensPerParam()) + " or more";
        }
        return (anyLeast ? "at most " : plain(limits.minTokensPerParam()) + " to ") + plain(limits.maxTokensPerParam());
    }

    private static String memory(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }

    private static String virtualShards(StudySpec study) {
        return study.virtualShards() == StudySpec.AUTO_SHARDS
                ? CellSpecs.autoShards(study)
                : String.valueOf(study.virtualShards());
    }

    private static String batch(BatchRule batch, long steps) {
        if (batch instanceof BatchRule.PowerLaw law) {
            return text(
                    "%.4g N^%.3f tokens, %d to %d images, halved to reach %d steps",
                    law.coefficient(), law.exponent(), law.minimum(), law.maximum(), steps);
        }
        return batch.minimum() + " images";
    }

    private static String schedule(ScheduleRule schedule) {
        return text(
                "%s to %s of the peak%s; warm-up %s tokens per parameter, at least %d steps, at most %s of the run",
                schedule.shape().name().toLowerCase(Locale.ROOT),
                plain(schedule.finalFraction()),
                schedule.shape() == ScheduleSpec.Shape.WSD
                        ? " over the last " + percent(schedule.decayFraction()) + " % of steps"
                        : "",
                plain(schedule.warmupTokensPerParam()),
                schedule.warmupMinSteps(),
                plain(schedule.warmupMaxFraction()));
    }

    private static String percent(double share) {
        return BigDecimal.valueOf(Rounding.digits(100 * share, 6))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** The shortest digits that say it: 1, 0.1, 840, 1e-8. */
    private static String plain(double value) {
        return Double.toString(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    private void add(String name, String value) {
        lines.add(name + ": " + value);
    }
}
