package org.isofleet.protocol.study;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A record as text that is the same on every machine and in every version of Java: {@code Name(component=value,...)} in the
 * order of declaration, numbers as the shortest decimals. Content hashes are taken over it.
 */
public final class CanonicalText {
    private CanonicalText() {}

    /** The canonical text of a record of records, numbers, strings, booleans, enums and lists of these. */
    public static String of(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    /** SHA-256 of the canonical text, 64 hexadecimal digits. */
    public static String sha256(Object value) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(of(value).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void append(StringBuilder text, Object value) {
        if (value instanceof Record record) {
            appendRecord(text, record);
        } else if (value instanceof List<?> list) {
            text.append('[');
            for (Object element : list) {
                append(text, element);
                text.append(',');
            }
            text.append(']');
        } else if (value instanceof String string) {
            text.append('"')
                    .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        } else if (value instanceof Double number) {
            text.append(decimal(number));
        } else if (value instanceof Number || value instanceof Boolean || value instanceof Enum<?>) {
            text.append(value);
        } else {
            throw new IllegalArgumentException("no canonical text for " + value.getClass());
        }
    }

    /**
     * The shortest decimal, of at least two digits, that is read back as this number. Before version 19 Java wrote more digits than
     * that for some numbers from 4e21 on (JDK-4511638), budgets among them: two machines would know a run by two ids.
     */
    static String decimal(double value) {
        String java = Double.toString(value);
        if (!Double.isFinite(value) || value == 0) {
            return java;
        }
        BigDecimal exact = new BigDecimal(value);
        int digits = 2;
        while (exact.round(new MathContext(digits)).doubleValue() != value) {
            digits++;
        }
        BigDecimal shortest = exact.round(new MathContext(digits)).stripTrailingZeros();
        return new BigDecimal(java).compareTo(shortest) == 0 ? java : scientific(shortest);
    }

    private static String scientific(BigDecimal value) {
        String digits = value.unscaledValue().abs().toString();
        return (value.signum() < 0 ? "-" : "") + digits.charAt(0) + "."
                + (digits.length() > 1 ? digits.substring(1) : "0") + "E"
                + (value.precision() - value.scale() - 1);
    }

    private static void appendRecord(StringBuilder text, Record record) {
        text.append(record.getClass().getSimpleName()).append('(');
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            text.append(component.getName()).append('=');
            try {
                append(text, component.getAccessor().invoke(record));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("the components of a public record can be read", e);
            }
            text.append(',');
        }
        text.append(')');
    }
}
