package org.isofleet.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that goes with its process, also when that is told to end. */
final class ScratchFolder {
    private ScratchFolder() {}

    static Path create() throws IOException {
        Path folder = Files.createTempDirectory("isofleet-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "bench-scratch"));
        return folder;
    }

    /** Deletes what is in a folder. */
    static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> !file.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void delete(Path folder) {
        try {
            clear(folder);
            Files.deleteIfExists(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " is left: " + e.getMessage());
        }
    }
}
