package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.engine.ParameterLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of all runs below one folder: {@code RUN/step-STEP-DIGEST/}.
 *
 * <p>A checkpoint is written into a folder of a unique temporary name, its files and the folder are synced, and the folder is renamed.
 * So a name that looks like a checkpoint always is a whole one, whatever dies when, and nothing is ever overwritten: whoever writes the same
 * step again finds the same bytes there. Which checkpoint counts is not decided here; the journal says so.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final String PREFIX = "step-";
    private static final String TEMPORARY = ".writing-";

    private final Path root;

    /** @param root holds a folder for each run */
    public CheckpointStore(Path root) {
        this.root = root;
    }

    /** The folder of a checkpoint. */
    public Path folder(CheckpointRef checkpoint) {
        return root.resolve(checkpoint.runId().value()).resolve(checkpoint.folder());
    }

    /**
     * Writes a checkpoint, whole or not at all.
     *
     * @throws IOException when it cannot be written, for example for want of space; nothing is left behind then
     */
    public CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) throws IOException {
        RunId runId = snapshot.spec().id();
        String name = "%s%012d-%s"
                .formatted(PREFIX, snapshot.step(), digests.parameters().substring(0, 16));
        Path run = Files.createDirectories(root.resolve(runId.value()));
        Path temporary = run.resolve(TEMPORARY + UUID.randomUUID());
        try {
            Files.createDirectory(temporary);
            writeFiles(temporary, snapshot, digests, chain);
            sync(temporary);
            publish(temporary, run.resolve(name));
            sync(run);
        } catch (IOException | RuntimeException | Error e) {
            deleteQuietly(temporary);
            throw e;
        }
        return new CheckpointRef(runId, snapshot.step(), digests.parameters(), name);
    }

    private static void writeFiles(Path folder, Snapshot snapshot, StateDigests digests, DigestChain chain)
            throws IOException {
        ParameterLayout layout = ParameterLayout.of(snapshot.spec().shape());
        Map<String, String> metadata =
                Map.of("run", snapshot.spec().id().value(), "step", Long.toString(snapshot.step()));
        TensorFile.write(
                folder.resolve(Checkpoint.PARAMETERS),
                layout,
                metadata,
                new TensorFile.Part("", snapshot.parameters()));
        TensorFile.write(
                folder.resolve(Checkpoint.MOMENTS),
                layout,
                metadata,
                new TensorFile.Part("first.", snapshot.first()),
                new TensorFile.Part("second.", snapshot.second()));
        Path manifest = folder.resolve(Manifest.FILE);
        Files.write(manifest, Manifest.of(snapshot, digests, chain).bytes());
        sync(manifest);
    }

    /** Renames; where the name is taken, the one that is there stays if it is whole. */
    private static void publish(Path temporary, Path target) throws IOException {
        if (Files.exists(target)) {
            if (isWhole(target)) {
                deleteQuietly(temporary);
                return;
            }
            Path aside = target.resolveSibling(".damaged-" + UUID.randomUUID());
            LOG.warn("{} is damaged; it was moved to {} and written again", target, aside.getFileName());
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    target + " cannot be renamed atomically; keep checkpoints on one local or POSIX disk", e);
        } catch (IOException e) {
            if (!isWhole(target)) { // else another member was faster with the same bytes
                throw e;
            }
            deleteQuietly(temporary);
        }
    }

    private static boolean isWhole(Path folder) {
        try {
            Checkpoint.open(folder).verify();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Opens a checkpoint by reference and verifies that it is the one.
     *
     * @throws UnreadableCheckpointException when it is missing, damaged or another one
     */
    public Checkpoint open(CheckpointRef reference) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(folder(reference));
        Manifest manifest = checkpoint.manifest();
        if (!manifest.runId().equals(reference.runId().value())
                || manifest.step() != reference.step()
                || !manifest.sha256().parameters().equals(reference.digest())) {
            throw new UnreadableCheckpointException(
                    checkpoint.folder(), "is not the checkpoint of step " + reference.step() + " that was asked for");
        }
        return checkpoint;
    }

    /** The checkpoints of a run that end no later than at a step, newest first; unverified. */
    public List<CheckpointRef> list(RunId runId, long atOrBelow) throws IOException {
        Path run = root.resolve(runId.value());
        List<CheckpointRef> found = new ArrayList<>();
        if (!Files.isDirectory(run)) {
            return found;
        }
        try (Stream<Path> folders = Files.list(run)) {
            for (Path folder : folders.filter(f -> f.getFileName().toString().startsWith(PREFIX))
                    .toList()) {
                try {
                    Manifest m = Manifest.read(folder);
                    found.add(new CheckpointRef(
                            runId,
                            m.step(),
                            m.sha256().parameters(),
                            folder.getFileName().toString()));
                } catch (IOException e) {
                    LOG.warn("left out: {}", e.getMessage());
                }
            }
        }
        found.removeIf(c -> c.step() > atOrBelow);
        found.sort(Comparator.comparingLong(CheckpointRef::step).reversed());
        return found;
    }

    /** A file system may lose a rename that was not followed by a sync of its folder. */
    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteQuietly(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", folder, e.toString());
        }
    }
}
