package org.isofleet.protocol.study;

/** The one way in which records of the protocol refuse what makes no sense. */
public final class Requirement {
    private Requirement() {}

    /**
     * Refuses a value.
     *
     * @param holds whether the value is acceptable
     * @param message what is wrong and what would be right, one line; a format of {@link String#format}
     * @throws InvalidSpecException when {@code holds} is false
     */
    public static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new InvalidSpecException(String.format(java.util.Locale.ROOT, message, arguments));
        }
    }

    /** Refuses a number that is not finite and above zero. */
    public static void requirePositive(double value, String name) {
        require(Double.isFinite(value) && value > 0, "%s must be a finite number above 0, not %s", name, value);
    }

    /** Refuses a number outside {@code [low, high]}. */
    public static void requireWithin(double value, double low, double high, String name) {
        require(value >= low && value <= high, "%s must lie in [%s, %s], not %s", name, low, high, value);
    }
}
