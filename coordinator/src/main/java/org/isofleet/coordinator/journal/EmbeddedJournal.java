package org.isofleet.coordinator.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
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

    private static final String SUFFIX = ".mv.db";

    /** Without the suffix, which the database appends itself. */
    private final Path file;

    private EmbeddedJournal(Path file) {
        this.file = file;
    }

    /** The journal of a study folder. */
    static EmbeddedJournal inFolder(Path studyFolder) {
        return new EmbeddedJournal(studyFolder.toAbsolutePath().normalize().resolve("journal"));
    }

    /**
     * A journal in a file of any name.
     *
     * @throws InvalidSpecException when the name does not end as the database wants it
     */
    static EmbeddedJournal in(Path named) {
        Path whole = named.toAbsolutePath().normalize();
        String name = String.valueOf(whole.getFileName());
        if (!name.endsWith(SUFFIX) || name.equals(SUFFIX)) {
            throw new InvalidSpecException("a journal's file has a name like study" + SUFFIX + ", not '" + named + "'");
        }
        return new EmbeddedJournal(whole.resolveSibling(name.substring(0, name.length() - SUFFIX.length())));
    }

    /** The file itself. */
    Path file() {
        return file.resolveSibling(file.getFileName() + SUFFIX);
    }

    /** @throws InvalidSpecException when there is none yet */
    void requireFile() {
        if (!Files.isRegularFile(file())) {
            throw new InvalidSpecException(
                    file() + " is missing: name a journal in a file, or a study folder that has one");
        }
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
                    "the journal " + file() + " cannot be opened: "
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

    /** Nothing of the file changes, and it may lie where nothing can be written. */
    Connection connectToRead() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:file:" + file + ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE", "sa", "");
    }

    @Override
    public String toString() {
        return file().toString();
    }
}
