package org.isofleet.deploy.search;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.isofleet.coordinator.run.RunPace;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;

/**
 * A small configuration: one run, its workers, and what may go wrong on the way.
 *
 * <p>Time has two durations. Whatever is said again at once is said again at each decision; whatever is waited for takes {@link #LONG},
 * and that passes only as the fault {@link Fault#DEADLINE} or when nothing else is left to do.
 *
 * @param workers of the cluster, all of which the run wants
 * @param steps of the run
 * @param checkpointEvery so many steps
 * @param faults how often each may happen
 * @param together how many of all kinds may
 * @param audited whether each step is computed twice
 */
record Scenario(
        int workers, long steps, long checkpointEvery, Map<Fault, Integer> faults, int together, boolean audited) {
    static final Instant NOW = Instant.EPOCH;
    static final Duration LONG = Duration.ofDays(1);
    static final RunPace PACE = new RunPace(
            Duration.ZERO, // settle: what is said again at once goes to one run alone here
            LONG, // gather
            Duration.ZERO, // resend
            LONG, // needEvery
            Duration.ZERO, // grace: placement hears of all workers at once here
            LONG, // doubt
            LONG, // hung
            LONG, // sick
            LONG, // longest
            LONG.multipliedBy(1000), // firstStep
            LONG.multipliedBy(1000), // stall
            20,
            LONG, // write
            LONG, // lastWrite
            LONG, // measure
            LONG, // joining
            1,
            4,
            2,
            16);
    static final int SHARDS = 4;

    Scenario {
        faults = Map.copyOf(faults);
    }

    static Scenario of(int workers, long steps, long checkpointEvery) {
        return new Scenario(workers, steps, checkpointEvery, Map.of(), 0, false);
    }

    /** One more fault may happen, and one more of this kind. */
    Scenario and(Fault... more) {
        Map<Fault, Integer> after = new EnumMap<>(Fault.class);
        after.putAll(faults);
        for (Fault fault : more) {
            after.merge(fault, 1, Integer::sum);
        }
        return new Scenario(workers, steps, checkpointEvery, after, together + more.length, audited);
    }

    /** No more than so many faults in one history. */
    Scenario atMost(int faultsTogether) {
        return new Scenario(workers, steps, checkpointEvery, faults, faultsTogether, audited);
    }

    Scenario withAudit() {
        return new Scenario(workers, steps, checkpointEvery, faults, together, true);
    }

    /** Whether a bit may flip, so that wrong bytes are held until that is noticed. */
    boolean hasFlips() {
        return faults.containsKey(Fault.STATE_FLIP) || faults.containsKey(Fault.GRADIENT_FLIP);
    }

    RunOrder order() {
        RunSpec spec = new RunSpec(
                ModelShape.of(16, 3, 32, 2, 32, 2),
                new ImageSetRef("embedded:none", "0".repeat(64), 1000),
                new Budget(1e10),
                steps,
                8,
                SHARDS,
                OptimizerSpec.of(1e-3, 0.95),
                ScheduleSpec.cosine(1, 0.1),
                "dl4j",
                "fp32",
                1,
                checkpointEvery,
                true);
        RunPolicy policy = new RunPolicy(
                workers, 3, LONG, LONG, LONG, LONG.multipliedBy(1000), LONG.multipliedBy(1000), 0, audited ? 1 : 0);
        return new RunOrder("study", 0, spec, new EvaluationSpec(List.of(), 0, 0, 16, 0, 1.0, 1), policy);
    }
}
