package org.isofleet.coordinator.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.journal.TestServer;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoordinatorTableTest {
    private static final String LEASE = "sbr";
    private static final Incarnation A = new Incarnation("pekko://isofleet@a:1", 1);
    private static final Incarnation B = new Incarnation("pekko://isofleet@b:1", 2);
    private static final Incarnation C = new Incarnation("pekko://isofleet@c:1", 3);

    private final JournalSettings.PostgreSql database = TestServer.journal();
    private final CoordinatorTable table = new CoordinatorTable(database);

    @Test
    void enter_whenNobodyLives_foundsOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<String>>> entered = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Incarnation self = new Incarnation("pekko://isofleet@h:" + i, i);
                entered.add(threads.submit(() -> table.enter(self)));
            }
            int founders = 0;
            for (Future<List<String>> one : entered) {
                founders += one.get().isEmpty() ? 1 : 0;
            }
            assertThat(founders).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void enter_whileSomeoneLives_namesMembersOnly() throws SQLException {
        assertThat(table.enter(A)).isEmpty();
        assertThat(table.enter(B)).containsExactly(A.address());
        assertThat(table.enter(C)).containsExactly(A.address());
        assertThat(table.joined(B)).isTrue();
        assertThat(table.enter(C)).containsExactlyInAnyOrder(A.address(), B.address());
    }

    @Test
    void enter_whenAllAreSilent_foundsAnew_andTheOldOnesAreOut() throws SQLException {
        table.enter(A);
        table.enter(B);
        table.joined(B);
        silence();
        assertThat(table.enter(C)).isEmpty();
        assertThat(table.seen(A)).isFalse();
        assertThat(table.joined(B)).isFalse();
        assertThat(table.seen(C)).isTrue();
    }

    @Test
    void enter_atOnesOwnOldAddress_doesNotWaitForIt() throws SQLException {
        table.enter(A);
        assertThat(table.enter(new Incarnation(A.address(), 9))).isEmpty();
    }

    @Test
    void seen_afterTheDatabaseWasAway_goesOn() throws SQLException {
        table.enter(A);
        silence();
        assertThat(table.seen(A)).isTrue();
        assertThat(table.enter(B)).containsExactly(A.address());
    }

    @Test
    void lease_isHeldByOne_andFreeWhenTheHolderIsSilent() throws SQLException {
        table.enter(A);
        table.enter(B);
        assertThat(table.acquire(LEASE, A, 5)).isTrue();
        assertThat(table.acquire(LEASE, B, 5)).isFalse();
        assertThat(table.acquire(LEASE, A, 5)).isTrue();
        table.release(LEASE, B);
        assertThat(table.acquire(LEASE, B, 5)).isFalse();
        TestServer.execute(database, "UPDATE isofleet_lease SET held_until = now() - interval '1 second'");
        assertThat(table.acquire(LEASE, B, 5)).isTrue();
        table.release(LEASE, B);
        assertThat(table.acquire(LEASE, A, 5)).isTrue();
    }

    /** A frozen coordinator wakes when the lease by which the others won is long given back. */
    @Test
    void lease_ofOneThatWasTakenForDead_isRefused() throws SQLException {
        table.enter(A);
        table.enter(B);
        table.remove(A);
        assertThat(table.acquire(LEASE, A, 5)).isFalse();
        assertThat(table.seen(A)).isFalse();
        assertThat(table.acquire(LEASE, B, 5)).isTrue();
    }

    @Test
    void journal_ofAnotherStudyFolder_isRefused() throws SQLException {
        table.bind("secret of one folder");
        table.bind("secret of one folder");
        assertThatThrownBy(() -> table.bind("secret of another"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("belongs to another study folder");
    }

    private void silence() {
        TestServer.execute(database, "UPDATE isofleet_coordinator SET seen_at = now() - interval '11 seconds'");
    }
}
