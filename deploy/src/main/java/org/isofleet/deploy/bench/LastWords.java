package org.isofleet.deploy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Reads what a process writes to standard error and keeps the last line that is no part of a stack trace: why it ended. */
final class LastWords {
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final Thread reader;
    private volatile String line = "it said nothing";

    LastWords(Process process) {
        reader = new Thread(() -> read(process), "last-words-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process process) {
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            for (String next = errors.readLine(); next != null; next = errors.readLine()) {
                if (!next.isBlank() && !Character.isWhitespace(next.charAt(0))) {
                    line = next.strip();
                }
            }
        } catch (IOException e) {
            line = "its last words were not heard (" + e.getMessage() + ")";
        }
    }

    /** The line, when the process has ended. */
    String get() {
        try {
            reader.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return line;
    }
}
