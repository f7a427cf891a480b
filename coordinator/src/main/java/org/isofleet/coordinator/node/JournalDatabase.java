package org.isofleet.coordinator.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.isofleet.metrics.live.DiskFull;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded journal of a study folder. {@code WRITE_DELAY=0}: with the default of 500 ms a killed process loses events that it
 * has acknowledged. {@code RETENTION_TIME}: else the file grows by 84 MB in 5,000 events; compaction on close leaves less
 * than 1 MB of them.
 */
final class JournalDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(JournalDatabase.class);
    private static final String TABLES = "/isofleet-coordinator/journal-h2.sql";

    private final Path file;

    JournalDatabase(Path studyFolder) {
        file = studyFolder.toAbsolutePath().normalize().resolve("journal");
    }

    String url() {
        return "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;RETENTION_TIME=1000";
    }

    /**
     * Creates what is missing; must be done before the first persistent actor starts.
     *
     * @throws InvalidSpecException when the file is damaged, open elsewhere or cannot be written
     */
    void prepare() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(tables());
        } catch (SQLException e) {
            throw new InvalidSpecException("the journal " + file + ".mv.db cannot be opened: "
                    + (DiskFull.isBehind(e)
                            ? "the disk is full; free space and start the same command again"
                            : String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                                    + "; restore it from a copy or give another study folder"));
        }
    }

    /** Shrinks the file; the database must not be in use any more. */
    void compact() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN COMPACT");
        } catch (SQLException e) {
            LOG.warn("the journal {} was not compacted: {}", file, e.getMessage());
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "sa", "");
    }

    private static String tables() {
        try (InputStream stream = JournalDatabase.class.getResourceAsStream(TABLES)) {
            if (stream == null) {
                throw new IllegalStateException(TABLES + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(TABLES + " cannot be read", e);
        }
    }
}
