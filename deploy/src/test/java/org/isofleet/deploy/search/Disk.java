package org.isofleet.deploy.search;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.isofleet.protocol.group.CheckpointRef;

/** The checkpoints that all workers share, by the rules of {@code CheckpointFolders} and {@code CheckpointReader}. */
record Disk(Set<Entry> entries) {
    static final Disk EMPTY = new Disk(Set.of());

    /** A folder; {@code generation}: that its writer served. */
    record Entry(CheckpointRef reference, Bytes bytes, long generation, boolean damaged) {}

    Disk {
        entries = Set.copyOf(entries);
    }

    /** With one more; what is there and whole stays. */
    Disk with(CheckpointRef reference, Bytes bytes, long generation) {
        Set<Entry> after = new HashSet<>(entries);
        after.removeIf(e -> e.damaged() && e.reference().equals(reference));
        if (after.stream().noneMatch(e -> e.reference().equals(reference))) {
            after.add(new Entry(reference, bytes, generation, false));
        }
        return new Disk(after);
    }

    Disk damaged(CheckpointRef reference) {
        return new Disk(entries.stream()
                .map(e -> e.reference().equals(reference)
                        ? new Entry(reference, e.bytes().flipped(), e.generation(), true)
                        : e)
                .collect(Collectors.toSet()));
    }

    /** The bytes of a checkpoint, if they are there and whole. */
    Optional<Bytes> read(CheckpointRef asked, boolean verifies) {
        return entries.stream()
                .filter(e -> e.reference().equals(asked) && !(verifies && e.damaged()))
                .map(Entry::bytes)
                .findFirst();
    }

    Disk collected(long generation, List<CheckpointRef> keep) {
        long newest = keep.stream().mapToLong(CheckpointRef::step).max().orElse(0);
        return new Disk(entries.stream()
                .filter(e ->
                        e.reference().step() >= newest || e.generation() > generation || keep.contains(e.reference()))
                .collect(Collectors.toSet()));
    }

    boolean holds(CheckpointRef reference) {
        return entries.stream().anyMatch(e -> e.reference().equals(reference));
    }
}
