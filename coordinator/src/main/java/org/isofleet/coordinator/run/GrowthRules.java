package org.isofleet.coordinator.run;

import java.time.Duration;
import java.util.Optional;
import org.isofleet.protocol.run.Growth;

/**
 * How many members a run can use, and what they are worth to it. A group is measured for {@link RunPace#measure} before anybody may join
 * it for that worth, so a run is not formed anew for each of several workers that come one after the other.
 */
final class GrowthRules {
    private GrowthRules() {}

    /** Notes how fast the group is. */
    static void measure(RunTurn turn) {
        meanStep(turn).ifPresent(step -> turn.speeds = turn.speeds.with(members(turn), step, turn.now));
    }

    /** What placement is told. */
    static Growth growth(RunTurn turn) {
        double divisible = 0;
        StepProgress progress = turn.progress;
        if (progress != null
                && meanStep(turn).isPresent()
                && turn.speeds.measured().containsKey(members(turn))) {
            long left = Math.max(0, turn.order().spec().steps() - progress.step());
            divisible = left * turn.speeds.divisibleSeconds(members(turn));
        }
        return new Growth(most(turn), divisible, turn.pace.joining().toMillis() * 1e-3);
    }

    /** Members that the run can use: one for each virtual shard, unless it was faster with fewer. */
    static int most(RunTurn turn) {
        int most = turn.order().workersAtMost();
        if (meanStep(turn).isEmpty()) {
            return most;
        }
        int fastest = turn.speeds.fastest(turn.order().workersWanted(), members(turn));
        return fastest < members(turn) ? fastest : most;
    }

    private static int members(RunTurn turn) {
        return turn.history().group().members().size();
    }

    private static Optional<Duration> meanStep(RunTurn turn) {
        StepProgress progress = turn.progress;
        return progress == null
                        || !(turn.phase instanceof RunPhase.Training)
                        || progress.generation() != turn.history().generation()
                ? Optional.empty()
                : progress.mean(turn.pace.measure());
    }
}
