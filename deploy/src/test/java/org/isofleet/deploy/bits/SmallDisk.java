package org.isofleet.deploy.bits;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A small disk: a tmpfs in a mount namespace of its own, which ends with the last process in it. */
final class SmallDisk implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 12;

    private final Path mountPoint;
    private final Process holder;

    private SmallDisk(Path mountPoint, Process holder) {
        this.mountPoint = mountPoint;
        this.holder = holder;
    }

    /** Mounts it on an empty folder; a test that asks where the system allows no namespaces is not run. */
    static SmallDisk mount(Path folder, String size) throws IOException {
        String script = "mount -t tmpfs -o size=" + size + " none \"$0\" && echo mounted && exec cat";
        Process holder = new ProcessBuilder("unshare", "-rm", "sh", "-c", script, folder.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader told = holder.inputReader();
        String line = told.readLine();
        assumeTrue("mounted".equals(line), "no tmpfs can be mounted here: " + line);
        return new SmallDisk(folder, holder);
    }

    /** A command that is run where the disk is mounted. */
    List<String> within(List<String> command) {
        List<String> enter =
                List.of("nsenter", "--preserve-credentials", "-U", "-m", "-t", String.valueOf(holder.pid()));
        return Stream.concat(enter.stream(), command.stream()).toList();
    }

    /** How a file of the disk is reached from outside. */
    Path seen(String name) {
        return Path.of("/proc", String.valueOf(holder.pid()), "root" + mountPoint, name);
    }

    /** Takes all the room there is. */
    void fill() {
        try (OutputStream out =
                Files.newOutputStream(seen("fill"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long chunk = 0; chunk < Long.MAX_VALUE; chunk++) {
                out.write(new byte[CHUNK_BYTES]);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void free() throws IOException {
        Files.delete(seen("fill"));
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
