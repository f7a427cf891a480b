package org.isofleet.coordinator.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Copies a journal into an empty one, of the same kind of database or of another, and compares them. Whoever opened the transactions ends
 * them, so that nobody sees a part of it.
 */
final class JournalCopy {
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

    private final Side from;
    private final Side to;

    /** A database with the tables of a journal, and what a message calls it. */
    record Side(Connection connection, Tables tables, String name) {}

    private JournalCopy(Side from, Side to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Copies everything; nothing when the same is there already.
     *
     * @return what is in both now
     * @throws InvalidSpecException when another journal is there
     */
    static JournalContent copy(Side from, Side to) throws SQLException {
        return new JournalCopy(from, to).copy();
    }

    private JournalContent copy() throws SQLException {
        JournalContent there = content(from);
        JournalContent here = content(to);
        if (here.equals(there)) {
            return here;
        }
        if (!here.isEmpty()) {
            throw new InvalidSpecException("the database at " + to.name() + " holds " + here.events()
                    + " events of another journal; give an empty one");
        }
        copy("event_journal", EVENTS, "ordering");
        copy("event_tag", TAGS, "event_id");
        copy("snapshot", SNAPSHOTS, "persistence_id");
        try (Statement statement = to.connection().createStatement()) {
            statement.execute(to.tables().numberFrom(there.lastOrdering() + 1));
        }
        JournalContent copied = content(to);
        if (!copied.equals(there)) {
            throw new IllegalStateException("copied " + copied + " of " + there);
        }
        return copied;
    }

    private void copy(String table, List<String> columns, String order) throws SQLException {
        String marks = columns.stream().map(c -> "?").collect(Collectors.joining(", "));
        try (PreparedStatement read = from.connection()
                        .prepareStatement("SELECT %s FROM %s ORDER BY %s"
                                .formatted(
                                        named(from, columns),
                                        from.tables().named(table),
                                        from.tables().named(order)));
                PreparedStatement write = to.connection()
                        .prepareStatement("INSERT INTO %s (%s) VALUES (%s)"
                                .formatted(to.tables().named(table), named(to, columns), marks))) {
            read.setFetchSize(BATCH);
            try (ResultSet rows = read.executeQuery()) {
                int waiting = 0;
                while (rows.next()) {
                    for (int i = 0; i < columns.size(); i++) {
                        boolean isBytes = columns.get(i).endsWith("_payload");
                        write.setObject(i + 1, isBytes ? rows.getBytes(i + 1) : rows.getObject(i + 1));
                    }
                    write.addBatch();
                    if (++waiting % BATCH == 0) {
                        write.executeBatch();
                    }
                }
                write.executeBatch();
            }
        }
    }

    private static String named(Side side, List<String> columns) {
        return columns.stream().map(side.tables()::named).collect(Collectors.joining(", "));
    }

    private static JournalContent content(Side side) throws SQLException {
        String events = side.tables().named("event_journal");
        String counts = "SELECT (SELECT count(*) FROM %1$s), (SELECT coalesce(max(%2$s), 0) FROM %1$s),"
                + " (SELECT coalesce(sum(%3$s), 0) FROM %1$s), (SELECT count(*) FROM %4$s)";
        try (Statement statement = side.connection().createStatement();
                ResultSet row = statement.executeQuery(counts.formatted(
                        events,
                        side.tables().named("ordering"),
                        side.tables().named("sequence_number"),
                        side.tables().named("snapshot")))) {
            row.next();
            return new JournalContent(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }
}
