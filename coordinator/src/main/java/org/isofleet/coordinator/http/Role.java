package org.isofleet.coordinator.http;

import java.util.Locale;

/** What a token allows, each all that stands before it too. */
public enum Role {
    /** Anyone who can connect. */
    ANYONE,
    /** To look at everything, and to change nothing. */
    READ,
    /** To pause, resume, retry and cancel. */
    OPERATE;

    boolean allows(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** As files and answers have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
