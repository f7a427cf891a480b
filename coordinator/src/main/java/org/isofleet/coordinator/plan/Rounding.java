package org.isofleet.coordinator.plan;

import java.math.BigDecimal;
import java.math.MathContext;

/** Decimal rounding: specs should hold numbers that a person can read and type again. */
final class Rounding {
    private Rounding() {}

    /** The nearest number of so many significant decimal digits. */
    static double digits(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits)).doubleValue();
    }
}
