package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The proof that two runs ended with the same bits.
 *
 * @param sha256 of the parameters' bytes, 64 hexadecimal digits
 * @param params number of parameters
 * @param step steps behind them
 */
public record ParameterDigest(String sha256, long params, long step) {
    /**
     * Digests the parameters at a path and checks them against the manifest beside them, if there is one.
     *
     * @param path a safetensors file, a checkpoint's folder, or a run's folder, of which the newest checkpoint is taken
     * @throws IOException when nothing readable is there; the message is one line
     */
    public static ParameterDigest of(Path path) throws IOException {
        Path file = file(path);
        TensorFile.Content content = TensorFile.digest(file);
        Path manifest = file.resolveSibling(Manifest.FILE);
        long step = Files.exists(manifest)
                ? checked(file, content.sha256())
                : step(content.header().metadata().getOrDefault("step", "0"), file);
        return new ParameterDigest(content.sha256(), content.header().dataBytes() / Float.BYTES, step);
    }

    private static long checked(Path file, String digest) throws IOException {
        Manifest manifest =
                Checkpoint.open(file.toAbsolutePath().resolveSibling("")).manifest();
        if (!manifest.sha256().parameters().equals(digest)) {
            throw new UnreadableCheckpointException(file, "does not match the SHA-256 of its manifest");
        }
        return manifest.step();
    }

    private static long step(String text, Path file) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UnreadableCheckpointException(file, "names a step that is no number");
        }
    }

    private static Path file(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (Files.isRegularFile(path.resolve(Checkpoint.PARAMETERS))) {
            return path.resolve(Checkpoint.PARAMETERS);
        }
        if (Files.isDirectory(path)) {
            try (Stream<Path> folders = Files.list(path)) {
                return folders.filter(f -> Files.isRegularFile(f.resolve(Manifest.FILE)))
                        .filter(f -> !f.getFileName().toString().startsWith("."))
                        .max(java.util.Comparator.comparing(f -> f.getFileName().toString()))
                        .map(f -> f.resolve(Checkpoint.PARAMETERS))
                        .orElseThrow(() -> new IOException(path
                                + " holds no checkpoint; name a run's folder, a checkpoint's or a safetensors file"));
            }
        }
        throw new IOException(path + " does not exist; name a run's folder, a checkpoint's or a safetensors file");
    }
}
