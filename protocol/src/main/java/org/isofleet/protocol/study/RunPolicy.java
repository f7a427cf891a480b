package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.time.Duration;
import java.util.Objects;

/**
 * How runs are staffed and retried; nothing here touches their bits.
 *
 * @param workersPerRun workers that a run is given before another is started, at most its virtual shards; those for whom no run waits
 *     join the run that gains most
 * @param attempts failures after which a run is parked
 * @param backoff wait before the first retry; doubled for each further one, at most {@code maxBackoff}
 * @param prepareTimeout how long a member may take to report after it was put into a group
 * @param evaluationLimit how long a worker may take for a metric; longer is a failed attempt
 * @param waitLimit how long a run waits while there are workers and none of them can compute it, before it is given up
 * @param costPerWorkerHour money, for the totals of a plan
 * @param audit share of steps that are computed twice, by different workers, and compared before use
 */
public record RunPolicy(
        int workersPerRun,
        int attempts,
        Duration backoff,
        Duration maxBackoff,
        Duration prepareTimeout,
        Duration evaluationLimit,
        Duration waitLimit,
        double costPerWorkerHour,
        double audit) {
    private static final Duration USUAL_EVALUATION_LIMIT = Duration.ofHours(4);
    private static final Duration USUAL_WAIT_LIMIT = Duration.ofDays(1);

    public RunPolicy {
        // Journals of before there were these limits do not have them.
        evaluationLimit = Objects.requireNonNullElse(evaluationLimit, USUAL_EVALUATION_LIMIT);
        waitLimit = Objects.requireNonNullElse(waitLimit, USUAL_WAIT_LIMIT);
        require(workersPerRun >= 1, "a run needs at least one worker");
        require(attempts >= 1, "a run needs at least one attempt");
        require(backoff.toMillis() > 0, "backoff must be above 0");
        require(maxBackoff.compareTo(backoff) >= 0, "the largest back-off must not be below the first");
        require(prepareTimeout.toMillis() > 0, "prepare timeout must be above 0");
        require(evaluationLimit.toMillis() > 0, "evaluation limit must be above 0");
        require(waitLimit.toMillis() > 0, "wait limit must be above 0");
        require(costPerWorkerHour >= 0, "cost must not be negative");
        require(audit >= 0 && audit <= 1, "the audited share must lie between 0 and 1");
    }

    /** A policy that has nothing computed twice. */
    public RunPolicy(
            int workersPerRun,
            int attempts,
            Duration backoff,
            Duration maxBackoff,
            Duration prepareTimeout,
            Duration evaluationLimit,
            Duration waitLimit,
            double costPerWorkerHour) {
        this(
                workersPerRun,
                attempts,
                backoff,
                maxBackoff,
                prepareTimeout,
                evaluationLimit,
                waitLimit,
                costPerWorkerHour,
                0);
    }

    /** What holds where a study file says nothing else. */
    public static RunPolicy defaults() {
        return new RunPolicy(
                2,
                5,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(20),
                USUAL_EVALUATION_LIMIT,
                USUAL_WAIT_LIMIT,
                0);
    }
}
