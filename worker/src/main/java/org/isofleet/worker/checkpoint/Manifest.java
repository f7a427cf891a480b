package org.isofleet.worker.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.checkpoint.ManifestSeal;
import org.isofleet.protocol.study.RunSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint says about itself, {@code manifest.json}; on disk it ends with a digest of itself ({@link ManifestSeal}).
 *
 * @param format {@link #FORMAT}
 * @param runId the content hash of {@code spec}
 * @param step steps behind it
 * @param generation in which it was written
 * @param images seen so far
 * @param ledgerSum sum of the sample ledger, hexadecimal
 * @param sha256 digests of the parts
 * @param chain over the scheduled checkpoints up to this one
 * @param spec the run
 */
public record Manifest(
        String format,
        String runId,
        long step,
        long generation,
        long images,
        String ledgerSum,
        StateDigests sha256,
        String chain,
        RunSpec spec) {
    /** Name and version of the layout of a checkpoint's folder. */
    public static final String FORMAT = "isofleet-checkpoint/1";

    static final String FILE = CheckpointFolders.MANIFEST;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static Manifest of(Snapshot snapshot, StateDigests digests, DigestChain chain) {
        return new Manifest(
                FORMAT,
                snapshot.spec().id().value(),
                snapshot.step(),
                snapshot.generation(),
                snapshot.ledger().images(),
                Long.toHexString(snapshot.ledger().sum()),
                digests,
                chain.digest(),
                snapshot.spec());
    }

    SampleLedger ledger() {
        return new SampleLedger(images, Long.parseUnsignedLong(ledgerSum, 16));
    }

    DigestChain digestChain() {
        return new DigestChain(chain, step);
    }

    byte[] bytes() {
        try {
            return ManifestSeal.seal(JSON.writeValueAsBytes(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers and strings is JSON", e);
        }
    }

    /** Reads and checks the manifest of a checkpoint's folder. */
    static Manifest read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new UnreadableCheckpointException(file, "is missing");
        }
        if (Files.size(file) > CheckpointFolders.LONGEST_MANIFEST) {
            throw new UnreadableCheckpointException(file, "is longer than a manifest can be");
        }
        byte[] bytes = Files.readAllBytes(file);
        @Nullable Manifest manifest;
        try {
            manifest = JSON.readValue(bytes, Manifest.class);
        } catch (JsonMappingException | com.fasterxml.jackson.core.JsonParseException e) {
            throw new UnreadableCheckpointException(file, "is no manifest of a checkpoint");
        }
        if (manifest == null) {
            throw new UnreadableCheckpointException(file, "is no manifest of a checkpoint");
        }
        if (!ManifestSeal.holds(bytes)) {
            throw new UnreadableCheckpointException(file, "does not match its own SHA-256");
        }
        manifest.check(file);
        return manifest;
    }

    private void check(Path file) throws IOException {
        if (!format.equals(FORMAT)) {
            throw new UnreadableCheckpointException(file, "has format '" + format + "', not " + FORMAT);
        }
        if (!spec.id().value().equals(runId)) {
            throw new UnreadableCheckpointException(file, "has a spec that does not hash to its run " + runId);
        }
        if (!ledgerSum.matches("[0-9a-f]{1,16}") || !StateDigests.of(ledger()).equals(sha256.ledger())) {
            throw new UnreadableCheckpointException(file, "has a sample ledger that does not match its digest");
        }
    }
}
