package org.isofleet.protocol.checkpoint;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of all runs below one folder: {@code RUN/step-STEP-DIGEST/}.
 *
 * <p>A checkpoint is written into a folder of a unique temporary name, its files and the folder are synced, and the folder is renamed;
 * it is deleted the other way round. So a name that looks like a checkpoint always is a whole one, whatever dies when, and nothing is ever
 * overwritten: whoever writes the same step again finds the same bytes there. Which checkpoint counts is not decided here; the journal
 * says so, and whoever collects for it notes in {@code RUN/counting} which those are. So a journal that was restored from an older copy finds
 * what counted, and takes nothing for it that was written from a state on which the members never agreed.
 */
public final class CheckpointFolders {
    /** Files of a checkpoint. */
    public static final String PARAMETERS = "parameters.safetensors";

    public static final String MOMENTS = "moments.safetensors";
    public static final String MANIFEST = "manifest.json";

    /** No manifest is longer, in bytes. */
    public static final int LONGEST_MANIFEST = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolders.class);
    private static final String PREFIX = "step-";
    private static final String DAMAGED = ".damaged-";
    private static final String DELETING = ".deleting-";
    private static final String COUNTING = "counting";
    private static final String NOTING = ".counting-";

    private final Path root;

    /** @param root holds a folder for each run */
    public CheckpointFolders(Path root) {
        this.root = root;
    }

    /** Names a checkpoint by what it is. */
    public static CheckpointRef reference(RunId runId, long step, String digest) {
        String name = "%s%012d-%s".formatted(PREFIX, step, digest.substring(0, 16));
        return new CheckpointRef(runId, step, digest, name);
    }

    /** The folder of a checkpoint. */
    public Path folder(CheckpointRef checkpoint) {
        return root.resolve(checkpoint.runId().value()).resolve(checkpoint.folder());
    }

    /** A folder that only its maker knows, to be filled, published and closed. */
    public TemporaryFolder begin(RunId runId) throws IOException {
        return TemporaryFolder.in(Files.createDirectories(root.resolve(runId.value())));
    }

    /**
     * Completes a folder whose tensors came from elsewhere, if they are those of the manifest that came with them. They are read once
     * more for that.
     *
     * @throws IOException when they are not the checkpoint that they should be
     */
    public static void complete(TemporaryFolder made, byte[] manifest, CheckpointRef as) throws IOException {
        ManifestHead head = ManifestHead.of(manifest, made.path().resolve(MANIFEST));
        if (!head.runId().equals(as.runId().value())
                || head.step() != as.step()
                || !head.parameters().equals(as.digest())
                || !head.describes(made.path())) {
            throw new IOException("what came is not the checkpoint of step %d of %s whose parameters have SHA-256 %s"
                    .formatted(as.step(), as.runId().value(), as.digest()));
        }
        made.complete(manifest);
    }

    /** Deletes a folder that nobody else knows; what cannot be deleted is logged. */
    public static void deleteTree(Path folder) {
        TemporaryFolder.deleteTree(folder);
    }

    /**
     * Gives a complete checkpoint its name. Where the name is taken, the one that is there stays if it is whole.
     *
     * @throws IOException when it cannot be renamed
     */
    public void publish(TemporaryFolder made, CheckpointRef as) throws IOException {
        Path target = folder(as);
        if (Files.exists(target)) {
            if (ManifestHead.isWhole(target)) {
                return;
            }
            Path aside = target.resolveSibling(DAMAGED + UUID.randomUUID());
            LOG.warn("{} is damaged; it was moved to {} and written again", target, aside.getFileName());
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            made.moveTo(target);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    target + " cannot be renamed atomically; keep checkpoints on one local or POSIX disk", e);
        } catch (IOException e) {
            if (!ManifestHead.isWhole(target)) { // else another member was faster with the same bytes
                throw e;
            }
        }
        TemporaryFolder.sync(target.resolveSibling(""));
    }

    /** The newest generation in which a checkpoint of a run was written; 0 without one. Unreadable ones do not count. */
    public long newestGeneration(RunId runId) throws IOException {
        long newest = 0;
        for (Path folder : children(runId)) {
            if (folder.getFileName().toString().startsWith(PREFIX)) {
                try {
                    newest = Math.max(newest, ManifestHead.read(folder).generation());
                } catch (IOException e) {
                    LOG.warn("left out: {}", e.getMessage());
                }
            }
        }
        return newest;
    }

    /** The checkpoints of a run that end no later than at a step, newest first; unverified. */
    public List<CheckpointRef> list(RunId runId, long atOrBelow) throws IOException {
        List<CheckpointRef> found = new ArrayList<>();
        for (Path folder : children(runId)) {
            String name = folder.getFileName().toString();
            if (name.startsWith(PREFIX)) {
                try {
                    ManifestHead head = ManifestHead.read(folder);
                    found.add(new CheckpointRef(runId, head.step(), head.parameters(), name));
                } catch (IOException e) {
                    LOG.warn("left out: {}", e.getMessage());
                }
            }
        }
        found.removeIf(c -> c.step() > atOrBelow);
        found.sort(Comparator.comparingLong(CheckpointRef::step).reversed());
        return found;
    }

    /** The checkpoints of a run that were noted last as counting and are there, newest first; unverified. */
    public List<CheckpointRef> counting(RunId runId) throws IOException {
        List<String> noted = noted(runId);
        return list(runId, Long.MAX_VALUE).stream()
                .filter(checkpoint -> noted.contains(checkpoint.folder()))
                .toList();
    }

    /** The generation that noted what counts, then the names of folders; empty before that. */
    private List<String> noted(RunId runId) throws IOException {
        Path file = root.resolve(runId.value()).resolve(COUNTING);
        return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    }

    private void note(RunId runId, long generation, Set<String> kept) throws IOException {
        Path run = root.resolve(runId.value());
        List<String> noted = noted(runId);
        boolean isLater =
                !noted.isEmpty() && noted.get(0).matches("\\d{1,18}") && Long.parseLong(noted.get(0)) > generation;
        if (!Files.isDirectory(run) || isLater) {
            return;
        }
        List<String> lines = new ArrayList<>(List.of(Long.toString(generation)));
        kept.stream().sorted().forEach(lines::add);
        Path made = Files.write(run.resolve(NOTING + UUID.randomUUID()), lines);
        Files.move(made, run.resolve(COUNTING), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Deletes what a run no longer needs, and notes what counts: deletes checkpoints before the newest of those to be kept, and what dead writers have left. What a
     * later generation than the caller's has written is not the caller's to delete.
     *
     * @param generation that the caller serves
     * @param keep what the journal needs
     */
    public void collect(RunId runId, long generation, List<CheckpointRef> keep) throws IOException {
        long committed = keep.stream().mapToLong(CheckpointRef::step).max().orElse(0);
        Set<String> kept = keep.stream().map(CheckpointRef::folder).collect(Collectors.toSet());
        note(runId, generation, kept);
        for (Path folder : children(runId)) {
            String name = folder.getFileName().toString();
            if (name.startsWith(PREFIX)
                    ? !kept.contains(name) && isBefore(folder, committed, generation)
                    : isLeft(folder, name)) {
                delete(folder);
            }
        }
    }

    private static boolean isBefore(Path folder, long committed, long generation) {
        try {
            ManifestHead head = ManifestHead.read(folder);
            return head.step() < committed && head.generation() <= generation;
        } catch (IOException e) {
            LOG.warn("left alone: {}", e.getMessage());
            return false;
        }
    }

    private static boolean isLeft(Path folder, String name) {
        return name.startsWith(DAMAGED)
                || name.startsWith(DELETING)
                || name.startsWith(NOTING)
                || (TemporaryFolder.isOne(name) && TemporaryFolder.isDeserted(folder));
    }

    /** Renamed first: nobody may find half of a checkpoint under its name, or finish a folder that is being deleted. */
    private static void delete(Path folder) throws IOException {
        Path aside = folder.resolveSibling(DELETING + UUID.randomUUID());
        try {
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            LOG.debug("{} was deleted by another", folder);
            return;
        }
        TemporaryFolder.deleteTree(aside);
    }

    private List<Path> children(RunId runId) throws IOException {
        Path run = root.resolve(runId.value());
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(run)) {
            return folders.toList();
        }
    }
}
