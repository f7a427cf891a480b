package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.metrics.live.AtomicFile;

/** The file by which a worker is told to flip a bit: it holds the key that chooses one. */
final class FlipOrder {
    private FlipOrder() {}

    static Path file(Path folder, String workerId) {
        return folder.resolve(workerId + ".flip");
    }

    static void give(Path file, long key) throws IOException {
        AtomicFile.write(file, Long.toString(key));
    }

    /** Reads and deletes it. */
    static long take(Path file) throws IOException {
        long key = Long.parseLong(Files.readString(file).strip());
        Files.delete(file);
        return key;
    }
}
