package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.isofleet.protocol.run.EvaluationHistory;
import org.jspecify.annotations.Nullable;

/** When a run has to decide again though nothing was heard. */
final class RunClock {
    /** Never sooner than this, so that a deadline that has passed without consequence does not spin. */
    private static final Duration SOONEST = Duration.ofMillis(50);

    private RunClock() {}

    static @Nullable Instant wakeAt(RunState state, Instant now) {
        if (state.phase() instanceof RunPhase.Unordered
                || state.phase() instanceof RunPhase.Paused
                || state.phase() instanceof RunPhase.Settled) {
            return null;
        }
        Instant soonest = now.plus(SOONEST);
        return Stream.of(
                        phase(state),
                        Stream.of(state.needAt(), state.graceUntil(), state.quietUntil()),
                        state.suspects().values().stream())
                .flatMap(times -> times)
                .filter(time -> time.isAfter(now))
                .min(Instant::compareTo)
                .map(time -> time.isBefore(soonest) ? soonest : time)
                .orElse(now.plusSeconds(1));
    }

    private static Stream<Instant> phase(RunState state) {
        RunPhase phase = state.phase();
        if (phase instanceof RunPhase.Waiting waiting) {
            return Stream.ofNullable(waiting.gatherUntil());
        } else if (phase instanceof RunPhase.Preparing preparing) {
            return Stream.of(preparing.deadline(), preparing.resendAt());
        } else if (phase instanceof RunPhase.Training training) {
            PendingCheckpoint pending = training.pending();
            return Stream.of(
                            Stream.of(training.deadline(), training.resendAt()),
                            Stream.ofNullable(pending == null ? null : pending.askAt()),
                            training.followers().values().stream())
                    .flatMap(times -> times);
        } else if (state.history() == null) {
            return Stream.empty();
        } else if (phase instanceof RunPhase.BackingOff) {
            return Stream.ofNullable(state.history().retryAt());
        }
        return state.history().evaluations().stream()
                .map(EvaluationHistory::retryAt)
                .flatMap(Stream::ofNullable);
    }
}
