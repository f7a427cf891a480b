package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.metrics.live.AtomicFile;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * Where the journal of a study folder is: what {@code journal.url} in it says, else in it. The file is written with the first start on
 * PostgreSQL, so a later one cannot begin the study anew in a file by leaving the option out.
 */
public final class JournalChoice {
    /** Environment variable that holds the password of the journal's database. */
    public static final String VARIABLE = "ISOFLEET_JOURNAL_PASSWORD";

    private static final String FILE = "journal.url";
    private static final String EMBEDDED = "journal.mv.db";

    private JournalChoice() {}

    /**
     * The journal to use.
     *
     * @param url null: that of the last start
     * @param password null when there is none
     * @throws InvalidSpecException when the folder's journal is another one
     */
    public static JournalSettings of(Path folder, @Nullable String url, @Nullable String password) throws IOException {
        Path file = folder.resolve(FILE);
        String known = Files.exists(file) ? Files.readString(file).strip() : null;
        String chosen = url == null ? known : url;
        if (chosen == null) {
            return new JournalSettings.Embedded();
        }
        if (Files.exists(folder.resolve(EMBEDDED))) {
            throw new InvalidSpecException("--journal: the journal of " + folder + " is in its file " + EMBEDDED
                    + "; move it with 'isofleet journal migrate " + folder + " --journal " + chosen
                    + "', or leave --journal out");
        }
        return new JournalSettings.PostgreSql(chosen, password);
    }

    /** Remembers the journal of a folder. */
    public static void remember(Path folder, JournalSettings journal) throws IOException {
        if (journal instanceof JournalSettings.PostgreSql shared) {
            AtomicFile.write(folder.resolve(FILE), shared.url() + "\n");
        }
    }
}
