package org.isofleet.coordinator.journal;

import static org.isofleet.protocol.study.Requirement.require;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/** Which database the journal is in. */
public sealed interface JournalSettings {
    /** An H2 file in the study folder: one coordinator. */
    record Embedded() implements JournalSettings {}

    /**
     * PostgreSQL: one coordinator or several. A database (or schema, by {@code currentSchema} in the URL) belongs to one study folder.
     *
     * @param url {@code jdbc:postgresql://host/database?user=name}; never with the password
     * @param password null when the server asks for none, or {@code ~/.pgpass} has it; never printed
     */
    record PostgreSql(String url, @Nullable String password) implements JournalSettings {
        private static final String EXAMPLE = "jdbc:postgresql://HOST:PORT/DATABASE?user=NAME";

        public PostgreSql {
            require(
                    url.startsWith("jdbc:postgresql:"),
                    "the journal is named by a URL as %s, not by '%s'",
                    EXAMPLE,
                    withoutSecret(url));
            require(
                    !url.contains("password="),
                    "the journal's URL holds a password, which others see in the list of processes: leave it out of %s and"
                            + " give it in a file or in the environment",
                    withoutSecret(url));
        }

        private static String withoutSecret(String url) {
            return url.replaceAll("password=[^&]*", "password=...").replaceAll("//[^/@]*@", "//...@");
        }

        /**
         * A new connection, with limits of time.
         *
         * @throws SQLException when there is none to be had
         */
        public Connection connect() throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("connectTimeout", "5");
            properties.setProperty("socketTimeout", "10");
            properties.setProperty("tcpKeepAlive", "true");
            properties.setProperty("ApplicationName", "isofleet");
            if (password != null) {
                properties.setProperty("password", password);
            }
            return DriverManager.getConnection(url, properties);
        }

        InvalidSpecException unreachable(SQLException e) {
            return new InvalidSpecException("the journal at " + url + " cannot be used: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                    + "; check that the server runs, that the database is there, and who may use it");
        }

        @Override
        public String toString() {
            return url;
        }
    }
}
