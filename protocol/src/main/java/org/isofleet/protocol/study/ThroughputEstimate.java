package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

import java.time.Duration;

/**
 * How fast the person who plans believes a worker to be; hours and cost of a plan rest on it and nothing else does.
 *
 * @param flopsPerSecond of one worker, attention counted
 * @param stepOverhead time of a step that no further worker shortens
 */
public record ThroughputEstimate(double flopsPerSecond, Duration stepOverhead) {
    public ThroughputEstimate {
        requirePositive(flopsPerSecond, "flops-per-second");
        require(!stepOverhead.isNegative(), "step-overhead must not be negative");
    }

    /** Wall time of a run on a group of so many workers. */
    public double seconds(RunSpec run, int workers) {
        double overhead = stepOverhead.toNanos() * 1e-9;
        return run.exactFlops() / (flopsPerSecond * workers) + run.steps() * overhead;
    }
}
