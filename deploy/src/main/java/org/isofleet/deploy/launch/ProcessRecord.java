package org.isofleet.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What is remembered of a worker process on disk, so that a launcher that was killed finds its workers again. Process numbers are reused;
 * number and start time together are not.
 *
 * @param pid number of the process
 * @param startedMillis when it started, as the system tells it
 * @param digest of its command line
 */
record ProcessRecord(long pid, long startedMillis, String digest) {
    static ProcessRecord of(ProcessHandle process, String digest) {
        return new ProcessRecord(process.pid(), startedMillis(process), digest);
    }

    /** The record in a file; empty when there is none or it is damaged. */
    static Optional<ProcessRecord> read(Path file) {
        try {
            String[] fields = Files.readString(file).trim().split(" ");
            return fields.length == 3
                    ? Optional.of(new ProcessRecord(Long.parseLong(fields[0]), Long.parseLong(fields[1]), fields[2]))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(unfinished, pid + " " + startedMillis + " " + digest + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The process, when it is this one and alive. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(process -> process.isAlive() && startedMillis(process) == startedMillis);
    }

    private static long startedMillis(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(instant -> instant.toEpochMilli())
                .orElse(0L);
    }
}
