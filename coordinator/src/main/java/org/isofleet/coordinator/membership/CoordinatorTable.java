package org.isofleet.coordinator.membership;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Who is a coordinator, in the database of the journal: the one thing that all of them reach or else are of no use. It takes the place of a
 * list of seed nodes, whose first member nobody can do without at a cold start. Times are the server's.
 *
 * <p>Whoever finds nobody alive founds the cluster, and whoever finds somebody joins; a lock lets one look at a time, so there is one
 * cluster a journal. A life that was taken off the table, because a newer cluster was founded or because the others took it for dead, does
 * not get on it again.
 */
final class CoordinatorTable {
    /** One that was not seen for so long does not count as alive. */
    static final int SILENCE_SECONDS = 10;

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('isofleet'))";

    private final JournalSettings.PostgreSql database;

    CoordinatorTable(JournalSettings.PostgreSql database) {
        this.database = database;
    }

    /**
     * Ties the journal to a study folder, or finds that it is tied to this one.
     *
     * @param secret that lies in the folder
     * @throws InvalidSpecException when it belongs to another folder
     */
    void bind(String secret) throws SQLException {
        String digest = digest(secret);
        locked(connection -> {
            String known = digest;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT digest FROM isofleet_folder")) {
                if (row.next()) {
                    known = row.getString(1);
                } else {
                    update(connection, "INSERT INTO isofleet_folder VALUES (?)", digest);
                }
            }
            if (!known.equals(digest)) {
                throw new InvalidSpecException("the journal at " + database
                        + " belongs to another study folder: all coordinators of a study are given the same --out, on a disk that they share;"
                        + " another study needs another database");
            }
            return known;
        });
    }

    /** Living coordinators to join; empty when there are none: then this one has founded the cluster. */
    List<String> enter(Incarnation self) throws SQLException {
        return locked(connection -> {
            List<String> living = new ArrayList<>();
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT address FROM isofleet_coordinator WHERE joined AND address <> ?"
                            + " AND seen_at > now() - make_interval(secs => ?) ORDER BY seen_at DESC")) {
                statement.setString(1, self.address()); // who had this address has lost its port, and so is dead
                statement.setInt(2, SILENCE_SECONDS);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        living.add(rows.getString(1));
                    }
                }
            }
            if (living.isEmpty()) {
                update(connection, "DELETE FROM isofleet_coordinator");
            }
            update(
                    connection,
                    "INSERT INTO isofleet_coordinator VALUES (?, ?, ?, now())"
                            + " ON CONFLICT (address, uid) DO UPDATE SET joined = EXCLUDED.joined, seen_at = now()",
                    self.address(),
                    self.uid(),
                    living.isEmpty());
            return living;
        });
    }

    /** Members of the cluster, as far as the table knows. */
    List<Incarnation> members() throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT address, uid FROM isofleet_coordinator WHERE joined"
                                + " AND seen_at > now() - make_interval(secs => ?)")) {
            statement.setInt(1, SILENCE_SECONDS);
            List<Incarnation> members = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    members.add(new Incarnation(rows.getString(1), rows.getLong(2)));
                }
            }
            return members;
        }
    }

    /** This one is a member now; false when it is on the table no more. */
    boolean joined(Incarnation self) throws SQLException {
        return once(
                "UPDATE isofleet_coordinator SET joined = true, seen_at = now() WHERE address = ? AND uid = ?", self);
    }

    /** This one lives; false when it is on the table no more. */
    boolean seen(Incarnation self) throws SQLException {
        return once("UPDATE isofleet_coordinator SET seen_at = now() WHERE address = ? AND uid = ?", self);
    }

    /** Takes one off the table. */
    void remove(Incarnation dead) throws SQLException {
        once("DELETE FROM isofleet_coordinator WHERE address = ? AND uid = ?", dead);
    }

    /** Takes a lease if it is free and the taker on the table; taking it again renews it. */
    boolean acquire(String lease, Incarnation by, double seconds) throws SQLException {
        try (Connection connection = database.connect()) {
            return update(
                            connection,
                            "INSERT INTO isofleet_lease SELECT ?, ?, ?, now() + make_interval(secs => ?)"
                                    + " WHERE EXISTS (SELECT FROM isofleet_coordinator WHERE address = ? AND uid = ?)"
                                    + " ON CONFLICT (name) DO UPDATE SET address = EXCLUDED.address, uid = EXCLUDED.uid,"
                                    + " held_until = EXCLUDED.held_until WHERE isofleet_lease.held_until < now()"
                                    + " OR (isofleet_lease.address = EXCLUDED.address AND isofleet_lease.uid = EXCLUDED.uid)",
                            lease,
                            by.address(),
                            by.uid(),
                            seconds,
                            by.address(),
                            by.uid())
                    == 1;
        }
    }

    /** Gives a lease back. */
    void release(String lease, Incarnation by) throws SQLException {
        try (Connection connection = database.connect()) {
            update(
                    connection,
                    "DELETE FROM isofleet_lease WHERE name = ? AND address = ? AND uid = ?",
                    lease,
                    by.address(),
                    by.uid());
        }
    }

    private boolean once(String sql, Incarnation of) throws SQLException {
        try (Connection connection = database.connect()) {
            return update(connection, sql, of.address(), of.uid()) == 1;
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T locked(Work<T> work) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(LOCK);
            T result = work.on(connection);
            connection.commit();
            return result;
        }
    }

    private static String digest(String secret) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update("isofleet journal ".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
