package org.isofleet.deploy.search;

import java.util.Arrays;

/** A law does not hold. */
final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String law) {
        super(law);
    }

    /** {@code law}: which one, and what is the matter; {@code values}: with what. */
    static void unless(boolean holds, String law, Object... values) {
        if (!holds) {
            throw new Broken(values.length == 0 ? law : law + ": " + Arrays.toString(values));
        }
    }
}
