package org.isofleet.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A temporary folder that goes with its process, also when that is told to end; unless it holds what tells of a failure. */
final class ScratchFolder {
    private static final Set<Path> KEPT = ConcurrentHashMap.newKeySet();

    private ScratchFolder() {}

    /** What is done in a folder. */
    interface Work<T> {
        T in(Path folder) throws IOException, InterruptedException;
    }

    /** Works in a new folder, which stays when the work fails: the message then names it. */
    static <T> T with(Work<T> work) throws IOException, InterruptedException {
        Path folder = create();
        try {
            return work.in(folder);
        } catch (IOException e) {
            KEPT.add(folder);
            throw e;
        }
    }

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
        if (KEPT.contains(folder)) {
            return;
        }
        try {
            clear(folder);
            Files.deleteIfExists(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " is left: " + e.getMessage());
        }
    }
}
