package org.isofleet.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is remembered of a worker process on disk, so that a launcher that was killed finds its workers again. Process numbers are reused;
 * number and start time together are not.
 *
 * @param pid number of the process
 * @param startedMillis when it started, as the system tells it
 * @param digest of its command line
 */
record ProcessRecord(long pid, long startedMillis, String digest) {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRecord.class);

    static ProcessRecord of(ProcessHandle process, String digest) {
        return new ProcessRecord(process.pid(), startedMillis(process), digest);
    }

    /** The record in a file; empty when there is none, or with a warning when it cannot be read. */
    static Optional<ProcessRecord> read(Path file) {
        try {
            String[] fields = Files.readString(file).trim().split(" ");
            if (fields.length == 3) {
                return Optional.of(new ProcessRecord(Long.parseLong(fields[0]), Long.parseLong(fields[1]), fields[2]));
            }
            LOG.warn("{} is damaged; if a worker of this study still runs, it is not found again", file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            LOG.warn(
                    "{} cannot be read ({}); if a worker of this study still runs, it is not found again",
                    file,
                    e.toString());
        }
        return Optional.empty();
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
