package org.isofleet.metrics.live;

import java.time.Duration;
import java.util.Locale;

/** How numbers are written for people, the same in console and report. */
public final class Notation {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private Notation() {}

    /** Three digits and a prefix: 950, 48.2k, 1.30M. */
    public static String count(double value) {
        return count(value, 3);
    }

    /** Two digits and a prefix, for narrow places: 950, 48k, 1.3M. */
    public static String brief(double value) {
        return count(value, 2);
    }

    private static String count(double value, int digits) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double scaled = value;
        int prefix = 0;
        while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        int whole = Math.abs(scaled) >= 99.95 ? 3 : Math.abs(scaled) >= 9.995 ? 2 : 1;
        int decimals = prefix == 0 ? 0 : Math.max(0, digits - whole);
        return String.format(Locale.ROOT, "%." + decimals + "f%s", scaled, PREFIXES[prefix]);
    }

    /** FLOPs as a power of ten with at most two digits: 2e10, 1.6e11. */
    public static String flops(double value) {
        String text =
                String.format(Locale.ROOT, "%.1e", value).replace("e+", "e").replace("e0", "e");
        return text.replace(".0e", "e");
    }

    /** Three digits of a number of any size: 0.0123, 3.49, 211, 7.19e5. */
    public static String digits(double value) {
        String text = String.format(Locale.ROOT, "%.3g", value);
        return text.replaceFirst("e\\+?(-?)0*(\\d)", "e$1$2");
    }

    /** Hours, minutes and seconds: 4s, 3:07, 1:02:45. */
    public static String time(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** Bytes in binary units: 702 MiB. */
    public static String bytes(long bytes) {
        return bytes >= 10L << 30 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
    }

    /** A fixed number of decimals. */
    public static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "–";
    }
}
