package org.isofleet.worker.node;

import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which gateway a worker is with, and when it dials which coordinator. A gateway repeats its welcome every second; a worker that heard
 * none for {@link #SILENCE_MILLIS} dials the next coordinator, then the one after, going round with growing pauses for as long as
 * it takes.
 *
 * @param <G> reference of a gateway
 */
final class CoordinatorLink<G> {
    static final long SILENCE_MILLIS = 2_000;
    static final long FIRST_PAUSE_MILLIS = 500;
    static final long LONGEST_PAUSE_MILLIS = 4_000;
    /** A longer time between two ticks means that this process was stopped, and that is no silence of a coordinator. */
    private static final long LONGEST_TICK_MILLIS = 2_000;

    private final int coordinators;
    private @Nullable G gateway;
    private int next;
    private int dialled;
    private long lastWelcome;
    private long nextDial;
    private long lastTick;
    private long silentMillis;

    CoordinatorLink(int coordinators, long nowMillis) {
        this.coordinators = coordinators;
        this.nextDial = nowMillis;
        this.lastTick = nowMillis;
    }

    /** The gateway that reports and heartbeats go to; null while none is known to listen. */
    @Nullable
    G gateway() {
        return gateway;
    }

    /** How long no coordinator was heard of while this process was running. */
    long silentMillis() {
        return silentMillis;
    }

    /** Time passes; the number of the coordinator to register with now, if any. */
    OptionalInt tick(long nowMillis) {
        silentMillis += Math.min(nowMillis - lastTick, LONGEST_TICK_MILLIS);
        lastTick = nowMillis;
        if (gateway != null && nowMillis - lastWelcome > SILENCE_MILLIS) {
            gateway = null;
            dialled = 0;
            nextDial = nowMillis;
        }
        if (gateway != null || nowMillis < nextDial) {
            return OptionalInt.empty();
        }
        int coordinator = next;
        next = (next + 1) % coordinators;
        int round = dialled++ / coordinators;
        nextDial = nowMillis + Math.min(FIRST_PAUSE_MILLIS << Math.min(round, 10), LONGEST_PAUSE_MILLIS);
        return OptionalInt.of(coordinator);
    }

    /**
     * A gateway welcomed this worker. While one is heard of, the late welcome of another changes nothing: two gateways would otherwise
     * each see half of the heartbeats.
     *
     * @return whether it is another one than before
     */
    boolean welcomed(G from, long nowMillis) {
        silentMillis = 0;
        if (gateway != null && !Objects.equals(gateway, from) && nowMillis - lastWelcome <= SILENCE_MILLIS) {
            return false;
        }
        boolean changed = !Objects.equals(gateway, from);
        gateway = from;
        lastWelcome = nowMillis;
        dialled = 0;
        return changed;
    }
}
