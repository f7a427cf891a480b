package org.isofleet.coordinator.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.isofleet.metrics.live.DiskFull;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded journal of a study folder. {@code WRITE_DELAY=0}: with the default of 500 ms a killed process loses events that it
 * has acknowledged. {@code RETENTION_TIME}: else the file grows by 84 MB in 5,000 events; compaction on close leaves less
 * than 1 MB of them.
 */
final class EmbeddedJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJournal.class);

    private final Path file;

    EmbeddedJournal(Path studyFolder) {
        file = studyFolder.toAbsolutePath().normalize().resolve("journal");
    }

    @Override
    public Config config() {
        return ConfigFactory.parseMap(Map.of("pekko-persistence-jdbc.shared-databases.slick.db.url", url()))
                .withFallback(ConfigFactory.parseResources(
                        EmbeddedJournal.class.getClassLoader(),
                        "isofleet-coordinator/journal-h2.conf",
                        ConfigParseOptions.defaults().setAllowMissing(false)));
    }

    private String url() {
        return "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;RETENTION_TIME=1000";
    }

    /**
     * Creates what is missing; must be done before the first persistent actor starts.
     *
     * @throws InvalidSpecException when the file is damaged, open elsewhere or cannot be written
     */
    @Override
    public void prepare() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(Tables.H2.statements());
        } catch (SQLException e) {
            throw new InvalidSpecException(
                    "the journal " + file + ".mv.db cannot be opened: "
                            + (DiskFull.isBehind(e)
                                    ? "the disk is full; free space and start the same command again"
                                    : String.valueOf(e.getMessage())
                                                    .lines()
                                                    .findFirst()
                                                    .orElse("")
                                            + "; restore it from a copy or give another study folder"),
                    e);
        }
    }

    /** Shrinks the file. */
    @Override
    public void tidy() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN COMPACT");
        } catch (SQLException e) {
            LOG.warn("the journal {} was not compacted: {}", file, e.getMessage());
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "sa", "");
    }
}
