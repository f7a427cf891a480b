package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;

/** A checkpoint on disk whose manifest has been read; its tensors are verified as they are loaded. */
public final class Checkpoint {
    static final String PARAMETERS = CheckpointFolders.PARAMETERS;
    static final String MOMENTS = CheckpointFolders.MOMENTS;

    private final Path folder;
    private final Manifest manifest;

    private Checkpoint(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Opens the checkpoint in a folder.
     *
     * @throws UnreadableCheckpointException when there is none
     */
    public static Checkpoint open(Path folder) throws IOException {
        return new Checkpoint(folder, Manifest.read(folder));
    }

    public Path folder() {
        return folder;
    }

    public Manifest manifest() {
        return manifest;
    }

    public SampleLedger ledger() {
        return manifest.ledger();
    }

    public DigestChain chain() {
        return manifest.digestChain();
    }

    /**
     * Reads the parameters.
     *
     * @throws UnreadableCheckpointException when the file is damaged or not what the manifest says
     */
    public void loadParameters(FlatVector parameters) throws IOException {
        Path file = folder.resolve(PARAMETERS);
        String digest = TensorFile.read(file, layout(), new TensorFile.Part("", parameters));
        expect(file, manifest.sha256().parameters(), digest);
    }

    /** Reads both moments, verified in the same way. */
    public void loadMoments(FlatVector first, FlatVector second) throws IOException {
        Path file = folder.resolve(MOMENTS);
        String digest = TensorFile.read(
                file, layout(), new TensorFile.Part("first.", first), new TensorFile.Part("second.", second));
        expect(file, manifest.sha256().moments(), digest);
    }

    /** Reads everything and compares it with the manifest, keeping nothing. */
    public void verify() throws IOException {
        Path parameters = folder.resolve(PARAMETERS);
        expect(
                parameters,
                manifest.sha256().parameters(),
                TensorFile.digest(parameters).sha256());
        Path moments = folder.resolve(MOMENTS);
        expect(moments, manifest.sha256().moments(), TensorFile.digest(moments).sha256());
    }

    private ParameterLayout layout() {
        return ParameterLayout.of(manifest.spec().shape());
    }

    private static void expect(Path file, String expected, String found) throws IOException {
        if (!found.equals(expected)) {
            throw new UnreadableCheckpointException(file, "does not match the SHA-256 of its manifest");
        }
    }
}
