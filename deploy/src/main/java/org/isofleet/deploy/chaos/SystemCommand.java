package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command of the system that is over at once. */
final class SystemCommand {
    private SystemCommand() {}

    /** @throws IOException when it fails; the message is its last line */
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (process.waitFor() != 0) {
            throw new IOException(
                    String.join(" ", command) + ": " + (lines.isEmpty() ? "failed" : lines.get(lines.size() - 1)));
        }
    }
}
