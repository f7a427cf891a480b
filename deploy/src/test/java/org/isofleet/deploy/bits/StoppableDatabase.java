package org.isofleet.deploy.bits;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.deploy.launch.LoopbackPort;

/** A real PostgreSQL that can be stopped, and started again where it was. */
final class StoppableDatabase implements AutoCloseable {
    private final Path folder;
    private final int port = LoopbackPort.free();
    private EmbeddedPostgres server;

    StoppableDatabase(Path folder) throws IOException {
        this.folder = folder;
        server = running();
    }

    private EmbeddedPostgres running() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "off")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start();
    }

    void stop() throws IOException {
        server.close();
    }

    void start() throws IOException {
        server = running();
    }

    /** The URL of a database without tables. */
    String create(String database) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return server.getJdbcUrl("postgres", database);
    }

    /** Rows of one text each. */
    List<String> rows(String database, String query) {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
