package org.isofleet.deploy.search;

import java.util.List;

/** How often each fault may still happen, in one number: four bits for a kind, and four for all of them together. */
final class Faults {
    private static final int TOGETHER = 60;
    private static final List<Fault> KINDS = List.of(Fault.values());

    private Faults() {}

    static long of(Scenario scenario) {
        long left = (long) scenario.together() << TOGETHER;
        for (Fault fault : KINDS) {
            left |= (long) scenario.faults().getOrDefault(fault, 0) << bits(fault);
        }
        return left;
    }

    static boolean has(long left, Fault fault) {
        return (left >>> TOGETHER) > 0 && ((left >>> bits(fault)) & 15) > 0;
    }

    /** After one. */
    static long without(long left, Fault fault) {
        return left - (1L << TOGETHER) - (1L << bits(fault));
    }

    private static int bits(Fault fault) {
        return 4 * KINDS.indexOf(fault);
    }
}
