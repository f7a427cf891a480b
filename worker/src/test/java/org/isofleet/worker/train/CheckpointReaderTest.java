package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointReaderTest {
    private final RunSpec spec = SmallRuns.spec(10, 4);
    private final CheckpointRef asked = new CheckpointRef(spec.id(), 4, "0".repeat(64), "4-0");
    private final Lanes lanes = new Lanes(1, "test");
    private final TrainingState state =
            TrainingState.allocate(spec, (shape, count, images) -> new BigramEngine(shape, count), 1);

    @TempDir
    Path store;

    @AfterEach
    void close() {
        state.close();
        lanes.close();
    }

    @Test
    void depot_thatIsAway_failsTheAttemptAndSaysNothingAgainstTheCheckpoint() throws IOException {
        CheckpointRoutes routes = new CheckpointRoutes("w1", new BulkCredentials(new byte[] {1}, null));
        routes.depot(new Depot(new BulkAddress("127.0.0.1", closedPort()), "a mark that is not here"));
        assertThatThrownBy(() -> CheckpointReader.load(state, asked, routes.to(store.toString()), lanes))
                .isInstanceOf(TrainingFailure.class)
                .hasMessageContaining("depot at 127.0.0.1");
    }

    @Test
    void checkpoint_thatIsNotInTheFolder_isUnreadable() {
        assertThatThrownBy(() -> CheckpointReader.load(
                        state, asked, CheckpointRoutes.local().to(store.toString()), lanes))
                .isInstanceOf(CheckpointReader.Unreadable.class);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
