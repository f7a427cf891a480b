package org.isofleet.protocol.refusal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which refusals are worth a line. Whoever tries a thousand times a minute must fill neither a log nor a person's screen: a machine that is
 * refused for a reason is told of at once and then once in {@value #AGAIN_MILLIS} ms, with the number of times since; all machines
 * together get {@value #LINES} lines in that time, and what more there was is in the next line. Of {@value #REMEMBERED} machines and reasons it is known when they
 * were told of: who has that many addresses is told of anew, within the same bound.
 */
final class RefusalPace {
    static final int AGAIN_MILLIS = 60_000;
    static final int LINES = 10;
    static final int REMEMBERED = 256;

    private record Stranger(String host, String reason) {}

    private static final class Told {
        private final long atMillis;
        private long since;

        Told(long atMillis) {
            this.atMillis = atMillis;
        }
    }

    private final Map<Stranger, Told> told = new LinkedHashMap<>();
    private long window = Long.MIN_VALUE;
    private int lines;
    private long unsaid;

    /** What is to be said of a refusal besides where it came from and why; nothing at all if it is only to be counted. */
    Optional<String> next(String host, String reason, long nowMillis) {
        Stranger stranger = new Stranger(host, reason);
        Told before = told.get(stranger);
        if (before != null && nowMillis - before.atMillis < AGAIN_MILLIS) {
            before.since++;
            return Optional.empty();
        }
        if (window == Long.MIN_VALUE || nowMillis - window >= AGAIN_MILLIS) {
            window = nowMillis;
            lines = 0;
        }
        if (lines == LINES) {
            unsaid++;
            return Optional.empty();
        }
        lines++;
        told.remove(stranger);
        told.put(stranger, new Told(nowMillis));
        forgetOldest();
        return Optional.of(rest(before == null ? 0 : before.since));
    }

    int remembered() {
        return told.size();
    }

    private String rest(long again) {
        String text = (again == 0 ? "" : "; " + again + " times more since it was last told")
                + (unsaid == 0 ? "" : "; " + unsaid + " others were not told");
        unsaid = 0;
        return text;
    }

    private void forgetOldest() {
        if (told.size() > REMEMBERED) {
            Iterator<Told> oldest = told.values().iterator();
            unsaid += oldest.next().since;
            oldest.remove();
        }
    }
}
