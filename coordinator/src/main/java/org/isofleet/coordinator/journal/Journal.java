package org.isofleet.coordinator.journal;

import com.typesafe.config.Config;
import java.nio.file.Path;
import org.isofleet.protocol.study.InvalidSpecException;

/** The database that events and snapshots are kept in. */
public sealed interface Journal permits EmbeddedJournal, PostgresJournal {
    /** The journal of a study folder. */
    static Journal of(JournalSettings settings, Path studyFolder) {
        return settings instanceof JournalSettings.PostgreSql shared
                ? new PostgresJournal(shared)
                : EmbeddedJournal.inFolder(studyFolder);
    }

    /**
     * Creates what is missing; must be done before the first persistent actor starts.
     *
     * @throws InvalidSpecException when it cannot be opened or written
     */
    void prepare();

    /** Where pekko-persistence-jdbc finds it. */
    Config config();

    /** Tidies up; it must not be in use here any more. */
    void tidy();
}
