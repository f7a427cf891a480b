package org.isofleet.coordinator.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Copies of journals in files, whichever database they come from and go back into. The copy of a PostgreSQL is that of one moment, while
 * coordinators go on; a journal in a file is copied while nobody has it open. What workers and checkpoints know beyond a restored copy is
 * found when the study goes on from it.
 */
public final class JournalBackup {
    private JournalBackup() {}

    /**
     * Copies a journal into a new file.
     *
     * @param folder of the study
     * @param file to be made; its name ends with {@code .mv.db}
     * @return what was copied
     * @throws InvalidSpecException when the file is there already, or the journal cannot be read
     * @throws IOException when the file cannot be written
     */
    public static JournalContent write(Path folder, JournalSettings journal, Path file) throws IOException {
        EmbeddedJournal copy = EmbeddedJournal.in(file);
        if (journal instanceof JournalSettings.PostgreSql shared) {
            return fill(copy, target -> {
                try (Connection source = shared.connect()) {
                    source.setAutoCommit(false);
                    source.setReadOnly(true);
                    source.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    return JournalCopy.copy(new JournalCopy.Side(source, Tables.POSTGRESQL, shared.toString()), target);
                } catch (SQLException e) {
                    throw shared.unreachable(e);
                }
            });
        }
        EmbeddedJournal from = EmbeddedJournal.inFolder(folder);
        from.requireFile();
        return fill(copy, target -> copy(from, target));
    }

    /**
     * Fills the journal of a study, of which there is none, from a copy.
     *
     * @param folder of the study
     * @param file as {@link #write} made it
     * @return what was copied
     * @throws InvalidSpecException when there is a journal already, or the copy cannot be read
     * @throws IOException when the folder cannot be written
     */
    public static JournalContent restore(Path folder, JournalSettings journal, Path file) throws IOException {
        EmbeddedJournal from = EmbeddedJournal.in(file);
        from.requireFile();
        if (journal instanceof JournalSettings.PostgreSql shared) {
            try (Connection target = shared.connect()) {
                PostgresJournal.prepare(target);
                target.setAutoCommit(false);
                JournalContent content = copy(from, new JournalCopy.Side(target, Tables.POSTGRESQL, shared.toString()));
                target.commit();
                return content;
            } catch (SQLException e) {
                throw shared.unreachable(e);
            }
        }
        Files.createDirectories(folder);
        return fill(EmbeddedJournal.inFolder(folder), target -> copy(from, target));
    }

    private static JournalContent copy(EmbeddedJournal from, JournalCopy.Side target) throws SQLException {
        try (Connection source = from.connectToRead()) {
            return JournalCopy.copy(new JournalCopy.Side(source, Tables.H2, from.toString()), target);
        }
    }

    private interface Filling {
        JournalContent into(JournalCopy.Side target) throws SQLException;
    }

    /** Under another name, until all of it is there. */
    private static JournalContent fill(EmbeddedJournal made, Filling filling) throws IOException {
        if (Files.exists(made.file())) {
            throw new InvalidSpecException(made + " is there already; move it away first, or name another");
        }
        EmbeddedJournal unfinished = EmbeddedJournal.in(
                made.file().resolveSibling("unfinished-" + made.file().getFileName()));
        Files.deleteIfExists(unfinished.file());
        try {
            unfinished.prepare();
            JournalContent content = filled(unfinished, made, filling);
            unfinished.tidy();
            Files.move(unfinished.file(), made.file(), StandardCopyOption.ATOMIC_MOVE);
            return content;
        } finally {
            Files.deleteIfExists(unfinished.file());
        }
    }

    private static JournalContent filled(EmbeddedJournal unfinished, EmbeddedJournal made, Filling filling) {
        try (Connection target = unfinished.connect()) {
            target.setAutoCommit(false);
            JournalContent content = filling.into(new JournalCopy.Side(target, Tables.H2, made.toString()));
            target.commit();
            return content;
        } catch (SQLException e) {
            throw new InvalidSpecException(
                    made + " cannot be made: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "; check that nobody has the journal open and that the disk has room",
                    e);
        }
    }
}
