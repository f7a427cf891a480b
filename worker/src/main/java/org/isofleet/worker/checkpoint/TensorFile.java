package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;

/** Flat vectors in a safetensors file: one or more vectors of the same layout, each with a prefix before its tensors' names. */
final class TensorFile {
    /** Floats that are read or written at once. */
    private static final int CHUNK = 1 << 20;

    private TensorFile() {}

    /** A vector and what stands before the names of its tensors. */
    record Part(String prefix, FlatVector vector) {}

    /** Writes a new file and syncs it. */
    static void write(Path path, ParameterLayout layout, Map<String, String> metadata, Part... parts)
            throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            writeAll(file, Safetensors.header(entries(layout, parts), metadata));
            for (Part part : parts) {
                FlatVector vector = part.vector();
                for (long at = 0; at < vector.length(); at += CHUNK) {
                    writeAll(file, vector.bytes(at, (int) Math.min(CHUNK, vector.length() - at)));
                }
            }
            file.force(true);
        }
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static List<Safetensors.Entry> entries(ParameterLayout layout, Part... parts) {
        List<Safetensors.Entry> entries = new ArrayList<>();
        long base = 0;
        for (Part part : parts) {
            for (ParameterLayout.Tensor tensor : layout.tensors()) {
                long begin = base + tensor.offset() * Float.BYTES;
                List<Long> shape = tensor.rows() == 1
                        ? List.of((long) tensor.columns())
                        : List.of((long) tensor.rows(), (long) tensor.columns());
                entries.add(new Safetensors.Entry(
                        part.prefix() + tensor.name(), shape, begin, begin + tensor.length() * Float.BYTES));
            }
            base += layout.length() * Float.BYTES;
        }
        return entries;
    }

    /**
     * Reads a file of that layout.
     *
     * @return SHA-256 of the bytes of all tensors
     */
    static String read(Path path, ParameterLayout layout, Part... parts) throws IOException {
        try (FileChannel file = open(path)) {
            Safetensors.Header header = Safetensors.read(file, path);
            if (!header.entries().equals(entries(layout, parts))) {
                throw new UnreadableCheckpointException(path, "holds the tensors of another model");
            }
            MessageDigest digest = Sha256.digest();
            long at = header.dataStart();
            for (Part part : parts) {
                FlatVector vector = part.vector();
                for (long from = 0; from < vector.length(); from += CHUNK) {
                    ByteBuffer bytes = vector.bytes(from, (int) Math.min(CHUNK, vector.length() - from));
                    fill(file, path, bytes, at);
                    at += bytes.capacity();
                    digest.update(bytes.flip());
                }
            }
            return Sha256.hex(digest);
        }
    }

    /** What a file of tensors holds: SHA-256 of all their bytes, and its header. */
    record Content(String sha256, Safetensors.Header header) {}

    /** Digests a file without knowing its layout. */
    static Content digest(Path path) throws IOException {
        try (FileChannel file = open(path)) {
            Safetensors.Header header = Safetensors.read(file, path);
            MessageDigest digest = Sha256.digest();
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            for (long at = 0; at < header.dataBytes(); at += chunk.capacity()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), header.dataBytes() - at));
                fill(file, path, chunk, header.dataStart() + at);
                digest.update(chunk.flip());
            }
            return new Content(Sha256.hex(digest), header);
        }
    }

    private static void fill(FileChannel file, Path path, ByteBuffer bytes, long at) throws IOException {
        if (!Safetensors.fill(file, bytes, at)) {
            throw new UnreadableCheckpointException(path, "is cut off");
        }
    }

    private static FileChannel open(Path path) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new UnreadableCheckpointException(path, "is missing");
        }
    }
}
