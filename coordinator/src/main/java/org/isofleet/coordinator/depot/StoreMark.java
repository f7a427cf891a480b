package org.isofleet.coordinator.depot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The file by which a worker knows that the store it sees is this coordinator's. */
final class StoreMark {
    private static final String PREFIX = ".coordinator-";

    private StoreMark() {}

    /** Makes a new one. That of the start before stays, for workers that have not heard of this start yet; older ones go. */
    static String make(Path store) throws IOException {
        Files.createDirectories(store);
        List<Path> old = new ArrayList<>();
        try (Stream<Path> files = Files.list(store)) {
            files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .forEach(old::add);
        }
        old.sort(Comparator.comparing(StoreMark::modified));
        for (Path file : old.subList(0, Math.max(0, old.size() - 1))) {
            Files.deleteIfExists(file);
        }
        return Files.createFile(store.resolve(PREFIX + UUID.randomUUID()))
                .getFileName()
                .toString();
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // then it is the first to go
        }
    }
}
