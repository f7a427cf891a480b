package org.isofleet.metrics.report;

import java.util.Locale;
import org.isofleet.metrics.live.Notation;

/** The three metrics as the report names them. */
enum Metric {
    LOSS("loss", "Held-out loss", "loss", "nats a pixel"),
    TOP1("top1", "Linear probe", "accuracy", "accuracy, %"),
    FD("fd", "Completions", "distance", "Fréchet distance");

    final String key;
    final String title;
    /** One word, within a sentence. */
    final String noun;

    final String unit;

    Metric(String key, String title, String noun, String unit) {
        this.key = key;
        this.title = title;
        this.noun = noun;
        this.unit = unit;
    }

    /** A value for people. */
    String show(double value) {
        return switch (this) {
            case LOSS -> Notation.fixed(value, 3);
            case TOP1 -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
            case FD -> Math.abs(value) < 100 ? Notation.fixed(value, 2) : Notation.count(value);
        };
    }

    /** A label on an axis. */
    String tick(double value) {
        return switch (this) {
            case LOSS -> Notation.fixed(value, 2).replaceFirst("(\\.\\d)0$", "$1");
            case TOP1 -> String.format(Locale.ROOT, "%.0f %%", 100 * value);
            case FD -> Notation.fixed(value, 0);
        };
    }

    boolean largerIsBetter() {
        return this == TOP1;
    }
}
