package org.isofleet.metrics.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code webhooks.sent} of a study folder: a line for each notice that a hook has taken. What is not there is sent, perhaps again. */
final class SentNotices {
    static final String FILE = "webhooks.sent";

    private static final Logger LOG = LoggerFactory.getLogger(SentNotices.class);

    private final Path file;
    private final Set<String> sent;

    private SentNotices(Path file, Set<String> sent) {
        this.file = file;
        this.sent = sent;
    }

    static SentNotices open(Path studyFolder) throws IOException {
        Path file = studyFolder.resolve(FILE);
        try {
            return new SentNotices(file, new HashSet<>(Files.readAllLines(file, StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException e) {
            return new SentNotices(file, new HashSet<>());
        }
    }

    synchronized boolean has(Webhook hook, Notice notice) {
        return sent.contains(line(hook, notice));
    }

    synchronized void add(Webhook hook, Notice notice) {
        sent.add(line(hook, notice));
        try {
            // A line that a killed writer left unfinished ends first.
            Files.writeString(
                    file,
                    (Files.exists(file) ? "\n" : "") + line(hook, notice),
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.warn("{} is not written; the next start tells {} again: {}", file, hook, e.toString());
        }
    }

    private static String line(Webhook hook, Notice notice) {
        return notice.id() + " " + hook.digest();
    }
}
