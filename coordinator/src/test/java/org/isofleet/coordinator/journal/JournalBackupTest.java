package org.isofleet.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalBackupTest {
    private static final JournalSettings EMBEDDED = new JournalSettings.Embedded();

    @TempDir
    Path temp = Path.of("");

    @Test
    void journalInPostgreSql_isCopiedThroughAFile_intoAnother_andIntoAFolder() throws Exception {
        JournalSettings.PostgreSql from = TestServer.journal();
        events(from, "run|a", 3);
        Path copy = temp.resolve("copy.mv.db");
        assertThat(JournalBackup.write(temp, from, copy)).isEqualTo(new JournalContent(3, 3, 6, 1));
        events(from, "run|b", 1);

        JournalSettings.PostgreSql other = TestServer.database();
        assertThat(JournalBackup.restore(temp, other, copy)).isEqualTo(new JournalContent(3, 3, 6, 1));
        try (Connection connection = other.connect()) {
            assertThat(rows(connection, ""))
                    .containsExactly("1 run|a 1 01 null", "2 run|a 2 02 null", "3 run|a 3 03 null");
        }
        events(other, "run|c", 1);

        Path folder = temp.resolve("folder");
        JournalBackup.restore(folder, EMBEDDED, copy);
        try (Connection connection = EmbeddedJournal.inFolder(folder).connect()) {
            assertThat(rows(connection, "\""))
                    .containsExactly("1 run|a 1 01 null", "2 run|a 2 02 null", "3 run|a 3 03 null");
        }
        Path again = temp.resolve("again.mv.db");
        assertThat(JournalBackup.write(folder, EMBEDDED, again)).isEqualTo(new JournalContent(3, 3, 6, 1));
        try (var files = Files.list(temp)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("copy.mv.db", "again.mv.db", "folder");
        }
    }

    /** The next event must not take the number of an old one. */
    @Test
    void eventsAfterARestoredOne_areNumberedOn() throws Exception {
        JournalSettings.PostgreSql from = TestServer.journal();
        events(from, "run|a", 3);
        Path copy = temp.resolve("copy.mv.db");
        JournalBackup.write(temp, from, copy);
        JournalBackup.restore(temp, EMBEDDED, copy);
        EmbeddedJournal restored = EmbeddedJournal.inFolder(temp);
        try (Connection connection = restored.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\", \"writer\","
                    + " \"write_timestamp\", \"adapter_manifest\", \"event_ser_id\", \"event_ser_manifest\","
                    + " \"event_payload\") VALUES ('run|z', 1, 'w', 0, '', 1, '', X'01')");
            assertThat(rows(connection, "\"")).last().isEqualTo("4 run|z 1 01 null");
        }
    }

    @Test
    void journalThatIsThere_isNotReplaced() throws Exception {
        JournalSettings.PostgreSql from = TestServer.journal();
        events(from, "run|a", 2);
        Path copy = temp.resolve("copy.mv.db");
        JournalBackup.write(temp, from, copy);
        assertThatThrownBy(() -> JournalBackup.write(temp, from, copy))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("is there already");
        events(from, "run|b", 1);
        assertThatThrownBy(() -> JournalBackup.restore(temp, from, copy))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("holds 3 events of another journal");
        JournalBackup.restore(temp, EMBEDDED, copy);
        assertThatThrownBy(() -> JournalBackup.restore(temp, EMBEDDED, copy))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("journal.mv.db is there already");
    }

    @Test
    void fileOfAnotherName_orThatIsMissing_isRefused() {
        assertThatThrownBy(() -> JournalBackup.write(temp, EMBEDDED, temp.resolve("copy.zip")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("a name like study.mv.db");
        assertThatThrownBy(() -> JournalBackup.restore(temp, EMBEDDED, temp.resolve("none.mv.db")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("none.mv.db is missing");
        assertThatThrownBy(() -> JournalBackup.write(temp, EMBEDDED, temp.resolve("copy.mv.db")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("journal.mv.db is missing");
    }

    @Test
    void databaseWithoutAJournal_isRefused_andNoFileIsLeft() throws IOException {
        assertThatThrownBy(() -> JournalBackup.write(temp, TestServer.database(), temp.resolve("copy.mv.db")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("event_journal");
        assertThat(temp).isEmptyDirectory();
    }

    private static void events(JournalSettings.PostgreSql journal, String id, int count) {
        for (int i = 1; i <= count; i++) {
            TestServer.execute(
                    journal,
                    "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                            + " event_ser_id, event_ser_manifest, event_payload) VALUES ('" + id + "', " + i
                            + ", 'w', 7, '', 1, 'm', '\\x0" + i + "')");
        }
        TestServer.execute(
                journal,
                "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot_ser_id, snapshot_ser_manifest,"
                        + " snapshot_payload) VALUES ('" + id + "', 1, 7, 1, 'm', '\\x05')");
    }

    private static List<String> rows(Connection connection, String quote) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT 'ordering', 'persistence_id', 'sequence_number', 'event_payload', 'meta_ser_id' FROM 'event_journal' ORDER BY 'ordering'"
                                .replace("'", quote))) {
            while (row.next()) {
                rows.add("%d %s %d %02x %s"
                        .formatted(
                                row.getLong(1),
                                row.getString(2),
                                row.getLong(3),
                                row.getBytes(4)[0],
                                row.getObject(5)));
            }
        }
        return rows;
    }
}
