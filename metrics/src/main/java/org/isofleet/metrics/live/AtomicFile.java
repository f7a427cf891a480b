package org.isofleet.metrics.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Files that are replaced whole: a reader sees the old text or the new one, never half of either. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Replaces a file.
     *
     * @throws IOException when it cannot be written; the old file then still stands
     */
    public static void write(Path file, String text) throws IOException {
        // Not createTempFile, whose files only their owner may read.
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
