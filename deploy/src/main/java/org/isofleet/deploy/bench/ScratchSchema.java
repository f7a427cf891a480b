package org.isofleet.deploy.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * A schema for a benchmark's journal in somebody's database, dropped when it is closed.
 *
 * @param database that it is in
 * @param name begins with {@code isofleet_bench_}; one of a benchmark that was killed is left and may be dropped by hand
 */
record ScratchSchema(JournalSettings.PostgreSql database, String name) implements AutoCloseable {
    /** @throws InvalidSpecException when the database does not let one be made */
    static ScratchSchema create(JournalSettings.PostgreSql database) {
        ScratchSchema schema = new ScratchSchema(
                database, "isofleet_bench_" + ProcessHandle.current().pid());
        try {
            schema.execute("CREATE SCHEMA " + schema.name);
        } catch (SQLException e) {
            throw new InvalidSpecException("--journal: no schema can be made in " + database + " ("
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                    + "); check that the server runs and who may use it");
        }
        return schema;
    }

    /** The journal in it. */
    JournalSettings.PostgreSql journal() {
        String separator = database.url().contains("?") ? "&" : "?";
        return new JournalSettings.PostgreSql(
                database.url() + separator + "currentSchema=" + name, database.password());
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = database.connect();
                Statement open = connection.createStatement()) {
            open.execute(statement);
        }
    }

    @Override
    public void close() {
        try {
            execute("DROP SCHEMA " + name + " CASCADE");
        } catch (SQLException e) {
            System.err.println("the schema " + name + " is left: " + e.getMessage());
        }
    }
}
