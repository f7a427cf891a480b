package org.isofleet.worker.train;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.exchange.StopSignal;

/** The (run, generation) that a worker serves, from {@code prepare} until a newer one; or the one that it follows, and is not in. */
final class Assignment {
    private static final int NO_MEMBER = -1;

    private final GroupPlan plan;
    private final int member;
    private final int source;
    private final long patienceMillis;
    private final StopSignal stop = new StopSignal();
    private volatile boolean caughtUp;
    private boolean started;
    private boolean released;

    private Assignment(GroupPlan plan, int member, int source, long patienceMillis) {
        this.plan = plan;
        this.member = member;
        this.source = source;
        this.patienceMillis = patienceMillis;
    }

    /** To be a member. */
    Assignment(GroupPlan plan, int member) {
        this(plan, member, NO_MEMBER, 0);
    }

    /**
     * To follow a member.
     *
     * @param source index of the member
     * @param patienceMillis for what the source has done before it stopped
     */
    static Assignment following(GroupPlan plan, int source, long patienceMillis) {
        return new Assignment(plan, NO_MEMBER, source, patienceMillis);
    }

    GroupPlan plan() {
        return plan;
    }

    RunId runId() {
        return plan.spec().id();
    }

    long generation() {
        return plan.generation();
    }

    int member() {
        return member;
    }

    /** Whether this member writes checkpoints and telemetry. */
    boolean leads() {
        return member == 0;
    }

    StopSignal stop() {
        return stop;
    }

    /** Index of the member that is followed. */
    int source() {
        return source;
    }

    /** Takes note that a state is there to go on from. */
    void caughtUp() {
        caughtUp = true;
    }

    private boolean follows() {
        return member == NO_MEMBER;
    }

    /** Whether it is in that group. */
    boolean serves(RunId runId, long generation) {
        return !follows() && runId().equals(runId) && generation() == generation;
    }

    boolean started() {
        return started;
    }

    void start() {
        started = true;
    }

    /**
     * Ends for another group: at the next step boundary; or, if it has caught up with a member that is in that group too, with what that
     * member did last. Nobody waits for that in vain, for the group needs the source to have stopped as well.
     */
    void giveWayTo(GroupPlan next) {
        if (caughtUp
                && next.spec().id().equals(runId())
                && next.members().contains(plan.members().get(source))) {
            CompletableFuture.delayedExecutor(patienceMillis, TimeUnit.MILLISECONDS)
                    .execute(stop::request);
        } else {
            stop.request();
        }
    }

    boolean released() {
        return released;
    }

    void release() {
        released = true;
        stop.request();
    }
}
