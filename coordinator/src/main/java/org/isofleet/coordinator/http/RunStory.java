package org.isofleet.coordinator.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.StudyAnswer;
import org.jspecify.annotations.Nullable;

/**
 * What a run went through, the last {@value #MOST} changes and checkpoints of it. What is told again after a restart stands in it once.
 */
final class RunStory {
    static final int MOST = 60;

    /** A change of state. */
    record Change(
            Instant at,
            String state,
            long generation,
            List<String> workers,
            @Nullable String reason) {
        private static Change of(RunChanged event) {
            return new Change(
                    event.at(), StudyAnswer.name(event.state()), event.generation(), event.workers(), event.reason());
        }

        private boolean isTheSameAs(Change other) {
            return state.equals(other.state)
                    && generation == other.generation
                    && workers.equals(other.workers)
                    && Objects.equals(reason, other.reason);
        }
    }

    /** A committed checkpoint; {@code digest}: SHA-256 of the parameters. */
    record Checkpoint(Instant at, long step, String digest, String folder, boolean last, double trainSeconds) {
        private static Checkpoint of(CheckpointCommitted event) {
            return new Checkpoint(
                    event.at(),
                    event.checkpoint().step(),
                    event.checkpoint().digest(),
                    event.checkpoint().folder(),
                    event.last(),
                    event.trainSeconds());
        }
    }

    private final List<Change> changes = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();

    void take(RunChanged event) {
        Change change = Change.of(event);
        Change last = changes.isEmpty() ? null : changes.get(changes.size() - 1);
        boolean told = changes.contains(change) || (last != null && last.isTheSameAs(change));
        if (!told && (last == null || !change.at.isBefore(last.at))) {
            changes.add(change);
            forgetOldest(changes);
        }
    }

    void take(CheckpointCommitted event) {
        Checkpoint checkpoint = Checkpoint.of(event);
        checkpoints.removeIf(known -> known.step >= checkpoint.step && !(known.last && known.step == checkpoint.step));
        if (checkpoints.stream().noneMatch(known -> known.step >= checkpoint.step)) {
            checkpoints.add(checkpoint);
            forgetOldest(checkpoints);
        }
    }

    private static void forgetOldest(List<?> entries) {
        if (entries.size() > MOST) {
            entries.remove(0);
        }
    }

    /** Oldest first. */
    List<Change> changes() {
        return List.copyOf(changes);
    }

    /** Ascending in step. */
    List<Checkpoint> checkpoints() {
        return List.copyOf(checkpoints);
    }
}
