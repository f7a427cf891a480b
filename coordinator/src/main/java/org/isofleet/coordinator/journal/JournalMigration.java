package org.isofleet.coordinator.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Moves the journal of a study folder from its file into PostgreSQL. Everything is copied in one transaction, compared, and committed; then
 * the file is renamed, so that nobody goes on from it. A move that was cut off between the two finds the same journal in both places
 * and ends where it was.
 */
public final class JournalMigration {
    /** The name that the file has afterwards. */
    public static final String MOVED = "journal-moved.mv.db";

    private JournalMigration() {}

    /**
     * Moves a journal.
     *
     * @return what was moved
     * @throws InvalidSpecException when there is no journal in the folder, it is in use, or the database holds another one
     * @throws IOException when the file cannot be renamed
     */
    public static JournalContent move(Path studyFolder, JournalSettings.PostgreSql to) throws IOException {
        EmbeddedJournal from = EmbeddedJournal.inFolder(studyFolder);
        from.requireFile();
        from.prepare();
        JournalContent moved;
        try (Connection source = from.connect();
                Connection target = to.connect()) {
            PostgresJournal.prepare(target);
            target.setAutoCommit(false);
            moved = JournalCopy.copy(
                    new JournalCopy.Side(source, Tables.H2, from.toString()),
                    new JournalCopy.Side(target, Tables.POSTGRESQL, to.toString()));
            target.commit();
        } catch (SQLException e) {
            throw to.unreachable(e);
        }
        from.tidy();
        Files.move(from.file(), from.file().resolveSibling(MOVED), StandardCopyOption.ATOMIC_MOVE);
        return moved;
    }
}
