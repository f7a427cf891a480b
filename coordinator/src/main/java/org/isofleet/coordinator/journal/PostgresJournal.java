package org.isofleet.coordinator.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A journal in PostgreSQL. What was acknowledged there survives a loss of power, and the primary key of events is the last fence between two writers. */
final class PostgresJournal implements Journal {
    private static final String DATABASE = "pekko-persistence-jdbc.shared-databases.slick.db.";

    private final JournalSettings.PostgreSql settings;

    PostgresJournal(JournalSettings.PostgreSql settings) {
        this.settings = settings;
    }

    @Override
    public void prepare() {
        try (Connection connection = settings.connect()) {
            prepare(connection);
        } catch (SQLException e) {
            throw settings.unreachable(e);
        }
    }

    /** CREATE TABLE IF NOT EXISTS fails when two do it at once; so one after the other. */
    static void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('isofleet'))");
            statement.execute(Tables.POSTGRESQL.statements());
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public Config config() {
        Map<String, Object> database = new HashMap<>(Map.of(DATABASE + "url", settings.url()));
        if (settings.password() != null) {
            database.put(DATABASE + "password", settings.password());
        }
        return ConfigFactory.parseMap(database)
                .withFallback(ConfigFactory.parseResources(
                        PostgresJournal.class.getClassLoader(),
                        "isofleet-coordinator/journal-postgresql.conf",
                        ConfigParseOptions.defaults().setAllowMissing(false)));
    }

    @Override
    public void tidy() {
        // The server does that.
    }
}
