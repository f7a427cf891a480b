package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.coordinator.depot.CheckpointDepot;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.bulk.DepotStream;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.worker.checkpoint.CheckpointAccess;
import org.isofleet.worker.checkpoint.CheckpointPipeline;
import org.isofleet.worker.checkpoint.CheckpointPipeline.Outcome;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.checkpoint.DigestChain;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.checkpoint.Snapshot;
import org.isofleet.worker.checkpoint.StateDigests;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker and coordinator with nothing in common but a socket. */
class DepotTest {
    private static final String SECRET = "the secret of the cluster";
    private static final RunSpec SPEC = new RunSpec(
            ModelShape.of(4, 3, 16, 1, 32, 2),
            new ImageSetRef("heap:", "0".repeat(64), 50),
            new Budget(1e9),
            100,
            16,
            4,
            OptimizerSpec.of(0.01, 0.95),
            ScheduleSpec.cosine(2, 0.1),
            "dl4j",
            "fp32",
            1,
            10,
            true);
    private static final long LENGTH = ParameterLayout.of(SPEC.shape()).length();

    @TempDir
    Path store = Path.of("");

    @TempDir
    Path elsewhere = Path.of("");

    private CheckpointDepot depot;
    private CheckpointAccess remote;

    @BeforeEach
    void open() {
        depot = new CheckpointDepot("127.0.0.1", BulkCredentials.of(SECRET, null), store);
        remote = access(SECRET, depot.depot());
    }

    @AfterEach
    void close() {
        depot.close();
    }

    private CheckpointAccess access(String secret, Depot of) {
        CheckpointRoutes routes = new CheckpointRoutes("w1", BulkCredentials.of(secret, null));
        routes.depot(of);
        return routes.to(elsewhere.toString());
    }

    private static Snapshot snapshot(long step, long generation) {
        return new Snapshot(
                SPEC,
                generation,
                step,
                new SampleLedger(16 * step, -step),
                step,
                vector((float) step),
                vector(step + 0.25f),
                vector(step + 0.5f));
    }

    private static FlatVector vector(float value) {
        FlatVector vector = FlatVector.zeros(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            vector.set(i, value + i);
        }
        return vector;
    }

    private static CheckpointRef write(CheckpointAccess to, long step, long generation) throws IOException {
        Snapshot snapshot = snapshot(step, generation);
        StateDigests digests =
                StateDigests.of(snapshot.parameters(), snapshot.first(), snapshot.second(), snapshot.ledger());
        return to.write(snapshot, digests, DigestChain.EMPTY.next(step, digests));
    }

    private List<String> stored() throws IOException {
        Path run = store.resolve(SPEC.id().value());
        if (!Files.exists(run)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(run)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("counting"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void checkpoint_throughTheDepot_isTheSameFiles(@TempDir Path direct) throws IOException {
        CheckpointRef reference = write(remote, 10, 1);
        assertThat(write(new CheckpointStore(direct), 10, 1)).isEqualTo(reference);
        for (String file : List.of("parameters.safetensors", "moments.safetensors", "manifest.json")) {
            assertThat(new CheckpointStore(store).folder(reference).resolve(file))
                    .hasSameBinaryContentAs(
                            new CheckpointStore(direct).folder(reference).resolve(file));
        }
        FlatVector parameters = FlatVector.zeros(LENGTH);
        remote.read(reference, checkpoint -> checkpoint.loadParameters(parameters));
        assertThat(parameters.get(7)).isEqualTo(17);
        write(remote, 20, 1);
        assertThat(new CheckpointFolders(store).list(SPEC.id(), 15)).containsExactly(reference);
        try (Stream<Path> left = Files.list(elsewhere)) {
            assertThat(left).isEmpty();
        }
    }

    /** A coordinator whose machine drops connections, then none at all, then another start of it. */
    @Test
    void depotThatGoesAwayAndComesBack_getsTheCheckpoint() throws Exception {
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        CheckpointRoutes routes = new CheckpointRoutes("w1", BulkCredentials.of(SECRET, null));
        depot.close();
        try (ServerSocket dropping = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true)) {
            routes.depot(new Depot(new BulkAddress("127.0.0.1", dropping.getLocalPort()), "mark"));
            pipeline.submit(snapshot(10, 1), routes.to(elsewhere.toString()), true, outcomes::add);
            try (Socket met = dropping.accept()) {
                assertThat(met.getInputStream().read()).isNotNegative();
            }
            dropping.close();
            assertThat(outcomes.poll(30, TimeUnit.SECONDS)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.reason()).contains("the coordinator's depot at 127.0.0.1");
                assertThat(failed.retried()).isTrue();
            });
            assertThat(stored()).isEmpty();
            depot = new CheckpointDepot("127.0.0.1", BulkCredentials.of(SECRET, null), store);
            routes.depot(depot.depot());
            assertThat(outcomes.poll(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Stored.class);
            assertThat(stored()).hasSize(1);
            assertThat(outcomes).isEmpty();
        }
    }

    /** What the depot cannot keep it does not agree to, and it keeps it as soon as it can. */
    @Test
    void depotWhoseStoreCannotBeWritten_getsTheCheckpointWhenItCan() throws Exception {
        Path folder = store.resolve(SPEC.id().value());
        Files.writeString(folder, "not a folder");
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        try (CheckpointPipeline pipeline = new CheckpointPipeline(copy -> true)) {
            pipeline.submit(snapshot(10, 1), remote, true, outcomes::add);
            assertThat(outcomes.poll(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.reason()).contains(folder.toString()));
            Files.delete(folder);
            assertThat(outcomes.poll(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Stored.class);
            assertThat(stored()).hasSize(1);
        }
    }

    @Test
    void storeThatBearsTheMark_isUsedDirectly() throws IOException {
        Files.createFile(elsewhere.resolve(depot.depot().mark()));
        CheckpointRef reference = write(remote, 10, 1);
        assertThat(new CheckpointFolders(elsewhere).list(SPEC.id(), 10)).containsExactly(reference);
        assertThat(stored()).isEmpty();
    }

    @Test
    void storeThatWasCopied_doesNotBearTheMarkOfTheNextStart() throws IOException {
        Files.createFile(elsewhere.resolve(depot.depot().mark()));
        try (CheckpointDepot next = new CheckpointDepot("127.0.0.1", BulkCredentials.of(SECRET, null), store)) {
            assertThat(store.resolve(depot.depot().mark())).exists();
            write(access(SECRET, next.depot()), 10, 1);
            assertThat(stored()).hasSize(1);
        }
    }

    @Test
    void zombieOfAnOlderGeneration_deletesNothingThroughTheDepot() throws IOException {
        CheckpointRef ten = write(remote, 10, 2);
        CheckpointRef twenty = write(remote, 20, 2);
        remote.collect(SPEC.id(), 1, List.of(twenty));
        assertThat(stored()).containsExactly(ten.folder(), twenty.folder());
        remote.collect(SPEC.id(), 2, List.of(twenty));
        assertThat(stored()).containsExactly(twenty.folder());
    }

    @Test
    void missingCheckpoint_isNamedInOneLine() {
        CheckpointRef missing = CheckpointFolders.reference(SPEC.id(), 10, "0".repeat(64));
        assertThatThrownBy(() -> remote.read(missing, checkpoint -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the coordinator's depot at 127.0.0.1")
                .hasMessageContaining("is missing");
    }

    @Test
    void worker_withAnotherSecret_isRefused() throws IOException {
        CheckpointRef ten = write(remote, 10, 1);
        CheckpointAccess stranger = access("another secret", depot.depot());
        assertThatThrownBy(() -> write(stranger, 20, 1)).hasMessageContaining("another secret");
        assertThatThrownBy(() -> stranger.collect(SPEC.id(), 9, List.of())).isInstanceOf(IOException.class);
        assertThat(stored()).containsExactly(ten.folder());
    }

    /** The name of a whole checkpoint, and other bytes. */
    @Test
    void otherBytesUnderAName_areRefusedAndOverwriteNothing() throws IOException {
        CheckpointRef ten = write(remote, 10, 1);
        Path twenty = new CheckpointStore(store).folder(write(remote, 20, 1));
        byte[] before =
                Files.readAllBytes(new CheckpointStore(store).folder(ten).resolve("parameters.safetensors"));
        assertThatThrownBy(() -> put(ten, twenty, twenty)).hasMessageContaining("is not the checkpoint of step 10");
        assertThatThrownBy(() -> put(ten, twenty, new CheckpointStore(store).folder(ten)))
                .hasMessageContaining("is not the checkpoint of step 10");
        assertThat(stored()).hasSize(2);
        assertThat(new CheckpointStore(store).folder(ten).resolve("parameters.safetensors"))
                .hasBinaryContent(before);
    }

    private void put(CheckpointRef as, Path tensors, Path manifest) throws IOException {
        try (Socket socket = new Socket(
                depot.depot().address().host(), depot.depot().address().port())) {
            DepotStream stream = new DepotStream(socket);
            new Handshake(SECRET.getBytes(StandardCharsets.UTF_8))
                    .dial(
                            stream.in(),
                            stream.out(),
                            new Handshake.Purpose(SPEC.id(), 1, "zombie", DepotStream.DEPOT, 0));
            stream.ask(DepotStream.Question.PUT);
            stream.send(as);
            stream.send(tensors.resolve(CheckpointFolders.PARAMETERS));
            stream.send(tensors.resolve(CheckpointFolders.MOMENTS));
            stream.send(manifest.resolve(CheckpointFolders.MANIFEST));
            stream.end();
            stream.expectAgreement();
        }
    }
}
