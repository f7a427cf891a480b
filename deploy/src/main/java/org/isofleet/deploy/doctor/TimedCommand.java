package org.isofleet.deploy.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A program that is asked something and may hang, as tools of drivers do, or die. What it prints goes through a file: a child that it leaves behind
 * may hold a pipe open.
 */
final class TimedCommand {
    private TimedCommand() {}

    /**
     * How it ended.
     *
     * @param code its exit code; none when it did not end in time and was killed
     * @param lines that it printed until then
     */
    record Answer(OptionalInt code, List<String> lines) {
        Answer {
            lines = List.copyOf(lines);
        }

        boolean isGood() {
            return code.equals(OptionalInt.of(0));
        }
    }

    /** {@code errors}: whether lines on standard error count as printed. */
    static Answer run(List<String> command, Map<String, String> environment, boolean errors, Duration patience)
            throws IOException {
        Path output = Files.createTempFile("isofleet-doctor", ".out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        if (errors) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        try {
            return ended(builder.start(), output, patience);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static Answer ended(Process process, Path output, Duration patience) throws IOException {
        try {
            boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            OptionalInt code = ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
            return new Answer(code, Files.readAllLines(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
