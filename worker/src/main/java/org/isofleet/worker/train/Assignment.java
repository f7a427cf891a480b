package org.isofleet.worker.train;

import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.exchange.StopSignal;

/** The (run, generation) that a worker serves, from {@code prepare} until a newer one. */
final class Assignment {
    private final GroupPlan plan;
    private final int member;
    private final StopSignal stop = new StopSignal();
    private boolean started;
    private boolean released;

    Assignment(GroupPlan plan, int member) {
        this.plan = plan;
        this.member = member;
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

    boolean serves(RunId runId, long generation) {
        return runId().equals(runId) && generation() == generation;
    }

    boolean started() {
        return started;
    }

    void start() {
        started = true;
    }

    boolean released() {
        return released;
    }

    void release() {
        released = true;
        stop.request();
    }
}
