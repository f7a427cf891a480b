package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The files in which one worker process tells what it does: a line for every sight, and a number in mapped memory for the shard gradients
 * that it has computed, which outlives any death of the process.
 */
final class TraceFile {
    static final String SIGHTS = ".trace";
    static final String GRADIENTS = ".gradients";

    private final FileChannel lines;
    private final MappedByteBuffer gradients;

    private TraceFile(FileChannel lines, MappedByteBuffer gradients) {
        this.lines = lines;
        this.gradients = gradients;
    }

    /** Those of this process: {@code w1-PID.trace} and {@code w1-PID.gradients}. */
    static TraceFile create(Path folder, String workerId) throws IOException {
        Files.createDirectories(folder);
        String name = workerId + "-" + ProcessHandle.current().pid();
        try (FileChannel counter = FileChannel.open(
                folder.resolve(name + GRADIENTS),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new TraceFile(
                    FileChannel.open(
                            folder.resolve(name + SIGHTS), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    counter.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES));
        }
    }

    synchronized void write(Sight sight) {
        ByteBuffer line = ByteBuffer.wrap((sight.line() + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            while (line.hasRemaining()) {
                lines.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void countGradient() {
        gradients.putLong(0, gradients.getLong(0) + 1);
    }
}
