package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.checkpoint.TemporaryFolder;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.engine.ParameterLayout;

/** The checkpoints of all runs below one folder, written from a state and opened to be read into one. */
public final class CheckpointStore implements CheckpointAccess {
    private final CheckpointFolders folders;

    /** @param root holds a folder for each run */
    public CheckpointStore(Path root) {
        folders = new CheckpointFolders(root);
    }

    /** The folder of a checkpoint. */
    public Path folder(CheckpointRef checkpoint) {
        return folders.folder(checkpoint);
    }

    @Override
    public CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) throws IOException {
        RunId runId = snapshot.spec().id();
        CheckpointRef reference = CheckpointFolders.reference(runId, snapshot.step(), digests.parameters());
        try (TemporaryFolder temporary = folders.begin(runId)) {
            writeTensors(temporary.path(), snapshot);
            temporary.complete(Manifest.of(snapshot, digests, chain).bytes());
            folders.publish(temporary, reference);
        }
        return reference;
    }

    private static void writeTensors(Path folder, Snapshot snapshot) throws IOException {
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

    @Override
    public void read(CheckpointRef reference, Reader reader) throws IOException {
        reader.read(open(reference));
    }

    @Override
    public void collect(RunId runId, long generation, List<CheckpointRef> keep) throws IOException {
        folders.collect(runId, generation, keep);
    }
}
