package org.isofleet.coordinator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.isofleet.protocol.study.BatchRule;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ScheduleRule;
import org.isofleet.protocol.study.StudySpec;

/** What a study chose where the paper is silent, as lines {@code name: value} for the report. */
final class StudyChoices {
    private final List<String> lines = new ArrayList<>();

    private StudyChoices() {}

    static List<String> of(StudySpec study, Map<Integer, ImageSetRef> images, TuningRule rule) {
        StudyChoices choices = new StudyChoices();
        choices.images(study, images);
        choices.add(
                "model",
                "decoder-only, pre-norm, RoPE, GEGLU of 8/3 width, head predicts channels one after the other");
        choices.add("N", "weights in matrix products, body and head; lookup tables not counted");
        choices.add("budget", "6 N D, attention not counted; exact FLOPs stand beside it");
        choices.add("batch", batch(study.batch(), study.limits().fitMinSteps()));
        choices.add("learning rate", rule.toString());
        choices.add(
                "optimizer",
                String.format(
                        Locale.ROOT,
                        "AdamW, beta1 %s, epsilon %s, weight decay %s, clip norm %s",
                        study.optimizer().beta1(),
                        study.optimizer().epsilon(),
                        study.optimizer().weightDecay(),
                        study.optimizer().clipNorm()));
        choices.add("schedule", schedule(study.schedule()));
        choices.add(
                "fitted cells",
                "at least " + study.limits().fitMinSteps() + " steps"
                        + (study.limits().fitHeadDominated() ? "" : ", head at most half of N"));
        choices.add("most epochs", String.valueOf(study.limits().maxEpochs()));
        choices.add("seeds", study.seeds().toString());
        choices.add(
                "engine",
                study.engine() + " " + study.precision()
                        + (study.exact()
                                ? ", exact"
                                : ", not exact: a run may mix kernel classes, so its bits are not promised"));
        return List.copyOf(choices.lines);
    }

    private void images(StudySpec study, Map<Integer, ImageSetRef> images) {
        add(
                "images",
                study.images().location() + ", " + (study.images().channels() == 3 ? "RGB" : "grey") + ", "
                        + study.images().levels() + " levels a channel");
        for (int resolution : study.images().resolutions()) {
            ImageSetRef set = images.get(resolution);
            if (set != null) {
                add(
                        "training images at " + resolution + "x" + resolution,
                        set.trainImages() + ", set " + set.sha256().substring(0, 16));
            }
        }
    }

    private static String batch(BatchRule batch, long steps) {
        if (batch instanceof BatchRule.PowerLaw law) {
            return String.format(
                    Locale.ROOT,
                    "%.4g N^%.3f tokens, %d to %d images, halved to reach %d steps",
                    law.coefficient(),
                    law.exponent(),
                    law.minimum(),
                    law.maximum(),
                    steps);
        }
        return batch.minimum() + " images";
    }

    private static String schedule(ScheduleRule schedule) {
        return String.format(
                Locale.ROOT,
                "%s to %s of the peak; warm-up %s tokens per parameter, at least %d steps, at most %s of the run",
                schedule.shape().name().toLowerCase(Locale.ROOT),
                schedule.finalFraction(),
                schedule.warmupTokensPerParam(),
                schedule.warmupMinSteps(),
                schedule.warmupMaxFraction());
    }

    private void add(String name, String value) {
        lines.add(name + ": " + value);
    }
}
