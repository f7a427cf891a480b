package org.isofleet.coordinator.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.study.RunId;

/** The checkpoints that all workers share: which there are, and in which generation each was written. */
final class SimulatedDisk {
    private final Map<CheckpointRef, Long> written = new HashMap<>();
    private final Function<RunId, List<CheckpointRef>> needed;

    /** @param needed what a run's journal counts on at the moment */
    SimulatedDisk(Function<RunId, List<CheckpointRef>> needed) {
        this.needed = needed;
    }

    void write(CheckpointRef checkpoint, long generation) {
        written.putIfAbsent(checkpoint, generation);
    }

    void damage(CheckpointRef checkpoint) {
        written.remove(checkpoint);
    }

    /** The checkpoint, or the newest one before it. */
    Optional<CheckpointRef> read(CheckpointRef asked) {
        return written.keySet().stream()
                .filter(c -> c.runId().equals(asked.runId()) && c.step() <= asked.step())
                .max(java.util.Comparator.comparingLong(CheckpointRef::step));
    }

    void collect(WorkerCommand.CollectCheckpoints command) {
        long newest =
                command.keep().stream().mapToLong(CheckpointRef::step).max().orElse(0);
        Set<CheckpointRef> old = written.entrySet().stream()
                .filter(w -> w.getKey().runId().equals(command.runId()) && w.getValue() <= command.generation())
                .map(Map.Entry::getKey)
                .filter(c -> c.step() < newest && !command.keep().contains(c))
                .collect(Collectors.toSet());
        Invariants.checkDeleted(old, needed.apply(command.runId()));
        written.keySet().removeAll(old);
    }

    List<Long> steps(RunId runId) {
        return written.keySet().stream()
                .filter(c -> c.runId().equals(runId))
                .map(CheckpointRef::step)
                .sorted()
                .toList();
    }
}
