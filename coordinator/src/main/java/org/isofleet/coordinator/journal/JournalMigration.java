package org.isofleet.coordinator.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Moves the journal of a study folder from its file into PostgreSQL. Everything is copied in one transaction, compared, and committed; then
 * the file is renamed, so that nobody goes on from it. A move that was cut off between the two finds the same journal in both places
 * and ends where it was.
 */
public final class JournalMigration {
    /** The name that the file has afterwards. */
    public static final String MOVED = "journal-moved.mv.db";

    private static final int BATCH = 500;
    private static final List<String> EVENTS = List.of(
            "ordering",
            "persistence_id",
            "sequence_number",
            "deleted",
            "writer",
            "write_timestamp",
            "adapter_manifest",
            "event_ser_id",
            "event_ser_manifest",
            "event_payload",
            "meta_ser_id",
            "meta_ser_manifest",
            "meta_payload");
    private static final List<String> TAGS = List.of("event_id", "tag");
    private static final List<String> SNAPSHOTS = List.of(
            "persistence_id",
            "sequence_number",
            "created",
            "snapshot_ser_id",
            "snapshot_ser_manifest",
            "snapshot_payload",
            "meta_ser_id",
            "meta_ser_manifest",
            "meta_payload");

    private final Path file;
    private final EmbeddedJournal from;
    private final JournalSettings.PostgreSql to;

    /** How much there is in a journal. */
    public record Content(long events, long lastOrdering, long sumOfNumbers, long snapshots) {
        boolean isEmpty() {
            return events == 0 && snapshots == 0;
        }
    }

    private JournalMigration(Path studyFolder, JournalSettings.PostgreSql to) {
        this.file = studyFolder.resolve("journal.mv.db");
        this.from = new EmbeddedJournal(studyFolder);
        this.to = to;
    }

    /**
     * Moves a journal.
     *
     * @return what was moved
     * @throws InvalidSpecException when there is no journal in the folder, it is in use, or the database holds another one
     * @throws IOException when the file cannot be renamed
     */
    public static Content move(Path studyFolder, JournalSettings.PostgreSql to) throws IOException {
        return new JournalMigration(studyFolder, to).move();
    }

    private Content move() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidSpecException(file + " is missing: give a study folder whose journal is in a file");
        }
        from.prepare();
        Content moved;
        try (Connection source = from.connect();
                Connection target = to.connect()) {
            PostgresJournal.prepare(target);
            target.setAutoCommit(false);
            moved = copy(source, target);
            target.commit();
        } catch (SQLException e) {
            throw to.unreachable(e);
        }
        from.tidy();
        Files.move(file, file.resolveSibling(MOVED), StandardCopyOption.ATOMIC_MOVE);
        return moved;
    }

    private Content copy(Connection source, Connection target) throws SQLException {
        Content there = content(source, "\"");
        Content here = content(target, "");
        if (here.equals(there)) {
            return here;
        }
        if (!here.isEmpty()) {
            throw new InvalidSpecException("the database at " + to + " holds " + here.events()
                    + " events of another journal; give an empty one");
        }
        copy(source, target, "event_journal", EVENTS, "ordering");
        copy(source, target, "event_tag", TAGS, "event_id");
        copy(source, target, "snapshot", SNAPSHOTS, "persistence_id");
        if (there.events() > 0) {
            try (Statement statement = target.createStatement()) {
                statement.execute("SELECT setval(pg_get_serial_sequence('event_journal', 'ordering'), "
                        + there.lastOrdering() + ")");
            }
        }
        Content copied = content(target, "");
        if (!copied.equals(there)) {
            throw new IllegalStateException("copied " + copied + " of " + there);
        }
        return copied;
    }

    private static void copy(Connection source, Connection target, String table, List<String> columns, String order)
            throws SQLException {
        String quoted = columns.stream().map(c -> '"' + c + '"').collect(Collectors.joining(", "));
        String marks = columns.stream().map(c -> "?").collect(Collectors.joining(", "));
        try (PreparedStatement read = source.prepareStatement(
                        "SELECT %s FROM \"%s\" ORDER BY \"%s\"".formatted(quoted, table, order));
                PreparedStatement write = target.prepareStatement(
                        "INSERT INTO %s (%s) VALUES (%s)".formatted(table, String.join(", ", columns), marks));
                ResultSet rows = read.executeQuery()) {
            int waiting = 0;
            while (rows.next()) {
                for (Column column : columns(columns)) {
                    write.setObject(
                            column.number(),
                            column.isBytes() ? rows.getBytes(column.number()) : rows.getObject(column.number()));
                }
                write.addBatch();
                if (++waiting % BATCH == 0) {
                    write.executeBatch();
                }
            }
            write.executeBatch();
        }
    }

    private record Column(int number, boolean isBytes) {}

    private static List<Column> columns(List<String> names) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(new Column(i + 1, names.get(i).endsWith("_payload")));
        }
        return columns;
    }

    private static Content content(Connection connection, String quote) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        ("SELECT (SELECT count(*) FROM 'event_journal'), (SELECT coalesce(max('ordering'), 0) FROM 'event_journal'),"
                                        + " (SELECT coalesce(sum('sequence_number'), 0) FROM 'event_journal'),"
                                        + " (SELECT count(*) FROM 'snapshot')")
                                .replace("'", quote))) {
            row.next();
            return new Content(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }
}
