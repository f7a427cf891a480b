package org.isofleet.protocol.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What whoever stores a checkpoint has to know of its manifest, without knowing the model.
 *
 * @param runId content hash of the run's spec
 * @param step steps behind it
 * @param generation in which it was written
 * @param parameters SHA-256 of the data of {@code parameters.safetensors}
 * @param moments SHA-256 of the data of {@code moments.safetensors}
 */
record ManifestHead(String runId, long step, long generation, String parameters, String moments) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK = 1 << 16;

    /** @throws IOException when there is none, or it is damaged; the message is one line */
    static ManifestHead read(Path folder) throws IOException {
        Path file = folder.resolve(CheckpointFolders.MANIFEST);
        if (!Files.isRegularFile(file) || Files.size(file) > CheckpointFolders.LONGEST_MANIFEST) {
            throw new IOException(file + " is missing or too long");
        }
        return of(Files.readAllBytes(file), file);
    }

    /** @param file to be named in errors */
    static ManifestHead of(byte[] bytes, Path file) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new IOException(file + " is no manifest of a checkpoint", e);
        }
        if (!ManifestSeal.holds(bytes)) {
            throw new IOException(file + " does not match its own SHA-256");
        }
        JsonNode digests = root.path("sha256");
        if (!root.path("step").isIntegralNumber() || !root.path("generation").isIntegralNumber()) {
            throw new IOException(file + " is no manifest of a checkpoint");
        }
        return new ManifestHead(
                root.path("runId").asText(),
                root.path("step").asLong(),
                root.path("generation").asLong(),
                digests.path("parameters").asText(),
                digests.path("moments").asText());
    }

    /** Whether a folder holds a checkpoint whose tensors are those of its manifest. */
    static boolean isWhole(Path folder) {
        try {
            return read(folder).describes(folder);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the tensors in a folder are those of this manifest. */
    boolean describes(Path folder) throws IOException {
        return parameters.equals(dataDigest(folder.resolve(CheckpointFolders.PARAMETERS)))
                && moments.equals(dataDigest(folder.resolve(CheckpointFolders.MOMENTS)));
    }

    /** SHA-256 of what follows the header of a safetensors file: its length, 8 bytes little-endian, and that many bytes. */
    private static String dataDigest(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (length.hasRemaining()) {
                if (channel.read(length) < 0) {
                    throw new EOFException(file + " is cut off");
                }
            }
            long header = length.getLong(0);
            if (header < 0 || header > channel.size() - Long.BYTES) {
                throw new EOFException(file + " is cut off");
            }
            channel.position(Long.BYTES + header);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            while (channel.read(chunk.clear()) >= 0) {
                digest.update(chunk.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
