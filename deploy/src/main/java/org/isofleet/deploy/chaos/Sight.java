package org.isofleet.deploy.chaos;

import java.util.Optional;

/**
 * What a worker under chaos has written about itself: one line of its trace.
 *
 * @param kind what is told
 * @param atMillis when, by the machine's clock
 * @param run the run, empty for {@link Kind#IDLE}
 * @param generation of the run's group
 * @param step that the worker's state has behind it
 */
record Sight(Kind kind, long atMillis, String run, long generation, long step) {
    enum Kind {
        /** It holds this step of this run. */
        HELD,
        /** It enters a generation at this step. */
        START,
        /** A bit of its parameters was flipped, in the step after this one. */
        FLIP,
        /** It holds nothing. */
        IDLE,
        /** It tells that a peer is gone. */
        LOST,
        /** It hears of a generation. */
        ASKED,
        /** It stands, and tells what it holds. */
        PREPARED;

        /** Whether it tells what the worker holds, rather than what it hears or says. */
        boolean isState() {
            return this == HELD || this == START || this == FLIP || this == IDLE;
        }
    }

    private static final String NONE = "-";

    static Sight idle(long atMillis) {
        return new Sight(Kind.IDLE, atMillis, "", 0, 0);
    }

    String line() {
        return kind + " " + atMillis + " " + (run.isEmpty() ? NONE : run) + " " + generation + " " + step;
    }

    /** The sight of a line; empty when it is none, as what a killed worker left unfinished. */
    static Optional<Sight> parse(String line) {
        String[] fields = line.split(" ");
        try {
            return fields.length != 5
                    ? Optional.empty()
                    : Optional.of(new Sight(
                            Kind.valueOf(fields[0]),
                            Long.parseLong(fields[1]),
                            fields[2].equals(NONE) ? "" : fields[2],
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[4])));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
