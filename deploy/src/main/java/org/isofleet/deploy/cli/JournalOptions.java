package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.deploy.study.JournalChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database the journal is in. */
final class JournalOptions {
    @Option(
            names = "--journal",
            paramLabel = "URL",
            description =
                    "jdbc:postgresql://HOST/DATABASE?user=NAME for several coordinators (default: that of the last"
                            + " start, else a file in the study folder). The password comes from ISOFLEET_JOURNAL_PASSWORD,"
                            + " --journal-password-file or ~/.pgpass.")
    private @Nullable String url;

    @Option(
            names = "--journal-password-file",
            paramLabel = "FILE",
            description = "File that holds the password of the journal's database.")
    private @Nullable Path passwordFile;

    JournalSettings of(Path folder) throws IOException {
        return JournalChoice.of(folder, url, password());
    }

    /** The one that is named. */
    JournalSettings.PostgreSql shared() throws IOException {
        if (url == null) {
            throw new UserException(
                    "journal: name the database with --journal jdbc:postgresql://HOST/DATABASE?user=NAME");
        }
        return new JournalSettings.PostgreSql(url, password());
    }

    private @Nullable String password() throws IOException {
        if (passwordFile == null) {
            return System.getenv(JournalChoice.VARIABLE);
        }
        if (!Files.isReadable(passwordFile)) {
            throw new UserException("--journal-password-file: " + passwordFile + " cannot be read");
        }
        return Files.readString(passwordFile, StandardCharsets.UTF_8).strip();
    }
}
