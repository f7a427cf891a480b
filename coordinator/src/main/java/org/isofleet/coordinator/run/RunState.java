package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.Map;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run knows.
 *
 * @param history what the journal keeps; null before the first order
 * @param phase where it stands
 * @param staffing who works for it, as placement last said
 * @param suspects workers that are not taken before a time; {@link Instant#MAX}: never
 * @param setbacks workers on which the run has failed: others are taken while there are any
 * @param severed pairs of workers that lost each other before they made a step together
 * @param unmet since when no living worker can do what it wants; null while one can
 * @param progress how its group comes along; null before anything was seen of it
 * @param speeds how fast groups of it were lately
 * @param reachedStep highest step that any worker has reported
 * @param graceUntil until when a worker that placement does not name is not taken for lost
 * @param quietUntil until when a run that has never begun asks for nobody
 * @param lastNeed the need that was last sent
 * @param changedNumber number of the first need that said the same; a staffing that knew an older one is stale
 * @param needAt when the need is said again
 */
public record RunState(
        @Nullable RunHistory history,
        RunPhase phase,
        Staffing staffing,
        Map<RunNeed.Holding, Instant> suspects,
        Map<RunNeed.Holding, Setback> setbacks,
        Map<WorkerPair, Setback> severed,
        @Nullable UnmetNeed unmet,
        @Nullable StepProgress progress,
        GroupSpeeds speeds,
        long reachedStep,
        Instant graceUntil,
        Instant quietUntil,
        @Nullable RunNeed lastNeed,
        long changedNumber,
        Instant needAt) {
    public RunState {
        suspects = Map.copyOf(suspects);
        setbacks = Map.copyOf(setbacks);
        severed = Map.copyOf(severed);
    }

    /** The state before the first input. */
    public static RunState recovering(@Nullable RunHistory history) {
        return new RunState(
                history,
                new RunPhase.Unordered(),
                Staffing.UNHEARD,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                GroupSpeeds.NONE,
                0,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                0,
                Instant.EPOCH);
    }
}
