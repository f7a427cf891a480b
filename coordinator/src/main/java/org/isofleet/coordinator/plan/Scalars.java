package org.isofleet.coordinator.plan;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of a study file as numbers, durations and sizes, with their units. */
final class Scalars {
    private static final Pattern SUFFIXED = Pattern.compile("([0-9.]+(?:[eE][-+]?[0-9]+)?)\\s*([a-zA-Z]*)");

    /** Reads one value; {@code section} and {@code key} are for the error. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Section section, String key, ConfigValue value);
    }

    private Scalars() {}

    static String text(Section section, String key, ConfigValue value) {
        if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
            throw section.wrong(key, value, "a text");
        }
        return value.unwrapped().toString();
    }

    static double number(Section section, String key, ConfigValue value) {
        String wanted = "a number without unit, as 0.001 or 2e10";
        if (value.valueType() == ConfigValueType.NUMBER) {
            return ((Number) value.unwrapped()).doubleValue();
        }
        if (value.unwrapped() instanceof String text) {
            try {
                return Double.parseDouble(text.equals("unlimited") ? "Infinity" : text);
            } catch (NumberFormatException e) {
                throw section.wrong(key, value, wanted);
            }
        }
        throw section.wrong(key, value, wanted);
    }

    static long whole(Section section, String key, ConfigValue value) {
        double number = number(section, key, value);
        if (number != Math.rint(number) || Math.abs(number) > 0x1p53) {
            throw section.wrong(key, value, "a whole number");
        }
        return (long) number;
    }

    static int count(Section section, String key, ConfigValue value) {
        long whole = whole(section, key, value);
        if (whole < Integer.MIN_VALUE || whole > Integer.MAX_VALUE) {
            throw section.wrong(key, value, "a whole number below 2^31");
        }
        return (int) whole;
    }

    static boolean flag(Section section, String key, ConfigValue value) {
        return switch (value.unwrapped().toString()) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw section.wrong(key, value, "true or false");
        };
    }

    /** A duration with its unit; a bare number is refused, because nobody sees whether it means seconds. */
    static Duration duration(Section section, String key, ConfigValue value) {
        return withUnit(section, key, value, "a time with its unit (us, ms, s, m, h, d), as 20s", Config::getDuration);
    }

    /** A size in bytes with its unit. */
    static long bytes(Section section, String key, ConfigValue value) {
        return withUnit(section, key, value, "a size with its unit (MiB, GiB), as 4 GiB", Config::getBytes);
    }

    private static <T> T withUnit(
            Section section, String key, ConfigValue value, String wanted, BiFunction<Config, String, T> read) {
        if (value.valueType() != ConfigValueType.STRING) {
            throw section.wrong(key, value, wanted);
        }
        try {
            return read.apply(value.atKey("value"), "value");
        } catch (ConfigException e) {
            throw section.wrong(key, value, wanted);
        }
    }

    /** FLOPs: a number, alone or with FLOP, GFLOP, TFLOP, PFLOP, EFLOP (and an s). */
    static double flops(Section section, String key, ConfigValue value) {
        String wanted = "a number of FLOPs, as 2e10 or 20 GFLOP";
        return scaled(section, key, value, wanted, "FLOP");
    }

    /** Parameters: a number, alone or with k, M or B. */
    static double params(Section section, String key, ConfigValue value) {
        return scaled(section, key, value, "a number of parameters, as 20000, 20k or 10M", "");
    }

    private static double scaled(Section section, String key, ConfigValue value, String wanted, String unit) {
        if (value.valueType() == ConfigValueType.NUMBER) {
            return ((Number) value.unwrapped()).doubleValue();
        }
        Matcher matcher = SUFFIXED.matcher(value.unwrapped().toString());
        if (!matcher.matches()) {
            throw section.wrong(key, value, wanted);
        }
        String suffix = matcher.group(2).replaceFirst("FLOPs$", "FLOP");
        if (!suffix.isEmpty() && !suffix.endsWith(unit)) {
            throw section.wrong(key, value, wanted);
        }
        double scale = switch (suffix.isEmpty() ? "" : suffix.substring(0, suffix.length() - unit.length())) {
            case "" -> 1;
            case "k" -> 1e3;
            case "M" -> 1e6;
            case "G", "B" -> 1e9;
            case "T" -> 1e12;
            case "P" -> 1e15;
            case "E" -> 1e18;
            default -> throw section.wrong(key, value, wanted);
        };
        try {
            return Double.parseDouble(matcher.group(1)) * scale;
        } catch (NumberFormatException e) {
            throw section.wrong(key, value, wanted);
        }
    }
}
