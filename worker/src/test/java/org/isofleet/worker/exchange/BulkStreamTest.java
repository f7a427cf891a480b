package org.isofleet.worker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.train.SmallRuns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkStreamTest {
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private final RunSpec spec = SmallRuns.spec(10, 4);
    private final BulkServer a = new BulkServer("127.0.0.1", "a", 1, SECRET);
    private final BulkServer b = new BulkServer("127.0.0.1", "b", 1, SECRET);
    private final GroupPlan plan =
            new GroupPlan(spec, 1, List.of(new Member("a", 1, a.address()), new Member("b", 1, b.address())), "store");

    BulkStreamTest() throws IOException {
        a.enter(spec.id(), 1);
        b.enter(spec.id(), 1);
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static <T> CompletableFuture<T> async(Callable<T> task) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return task.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private CompletableFuture<PeerGroup> connect(int me) {
        return async(() -> PeerGroup.connect(plan, me, me == 0 ? a : b, new StopSignal()));
    }

    private static FlatVector vector(int length, int seed) {
        Random random = new Random(seed);
        FlatVector vector = FlatVector.zeros(length);
        for (int i = 0; i < length; i++) {
            vector.set(i, (float) random.nextGaussian());
        }
        return vector;
    }

    private CompletableFuture<Exchange.Reduction> reduce(
            CompletableFuture<PeerGroup> group, FlatVector own, long hash, double loss) {
        return reduce(group, own, true, hash, loss);
    }

    private CompletableFuture<Exchange.Reduction> reduce(
            CompletableFuture<PeerGroup> group, FlatVector own, boolean shared, long hash, double loss) {
        return async(() -> {
            try (ExchangedVectors memory = new ExchangedVectors(group.join())) {
                FlatVector vector = shared ? memory.zeros(own.length()) : own;
                if (shared) {
                    vector.copyFrom(own);
                }
                return new GroupExchange(group.join(), SumOrder.TREE, List.of(vector), memory)
                        .reduce(new Exchange.Contribution(1, hash, 7, new double[] {loss}));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void reduce_twoMembers_bothHaveTheSum(boolean aShares, boolean bShares) {
        int length = 3 * Slices.BLOCK + 5;
        FlatVector ofA = vector(length, 1);
        FlatVector ofB = vector(length, 2);
        CompletableFuture<Exchange.Reduction> atA = reduce(connect(0), ofA, aShares, 5, 0.25);
        CompletableFuture<Exchange.Reduction> atB = reduce(connect(1), ofB, bShares, 5, 0.5);
        double squares = 0;
        for (int i = 0; i < length; i++) {
            squares += (double) (ofA.get(i) + ofB.get(i)) * (ofA.get(i) + ofB.get(i));
        }
        for (Exchange.Reduction sum : List.of(atA.join(), atB.join())) {
            assertThat(sum.loss()).isEqualTo(0.75);
            assertThat(sum.ledger()).isEqualTo(14);
            assertThat(sum.norm()).isCloseTo(Math.sqrt(squares), within(1e-9));
            for (int i = 0; i < length; i++) {
                assertThat(sum.gradient().get(i)).isEqualTo(ofA.get(i) + ofB.get(i));
            }
        }
        assertThat(atA.join().norm()).isEqualTo(atB.join().norm());
    }

    @Test
    void reduce_statesDiffer_bothRefuseAndNameThePair() {
        CompletableFuture<Exchange.Reduction> atA = reduce(connect(0), vector(10, 1), 5, 0);
        CompletableFuture<Exchange.Reduction> atB = reduce(connect(1), vector(10, 2), 6, 0);
        for (CompletableFuture<Exchange.Reduction> sum : List.of(atA, atB)) {
            assertThatThrownBy(sum::join)
                    .hasCauseInstanceOf(StateMismatchException.class)
                    .hasMessageContaining("state of a")
                    .hasMessageContaining("0000000000000006");
        }
    }

    @Test
    void message_thatIsNoMessage_losesThePeer() throws Exception {
        CompletableFuture<PeerGroup> atB = connect(1);
        CompletableFuture<Exchange.Reduction> atA = reduce(connect(0), vector(10, 1), 5, 0);
        PeerGroup group = atB.join();
        group.peers().get(0).send(new ByteBuffer[] {ByteBuffer.allocateDirect(1000)});
        group.complete();
        assertThatThrownBy(atA::join)
                .hasCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("no message");
    }

    @Test
    void stranger_sendingGarbage_isClosedAndTheRestGoesOn() throws IOException {
        byte[] garbage = new byte[4096];
        new Random(3).nextBytes(garbage);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), a.address().port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(garbage);
            assertClosed(socket);
        }
        assertThat(reduce(connect(0), vector(10, 1), 5, 0)).isNotDone();
        assertThat(reduce(connect(1), vector(10, 2), 5, 0).join().ledger()).isEqualTo(14);
    }

    private static void assertClosed(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            assertThat(in.read()).isEqualTo(-1);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void dialler_ofAnOlderGeneration_isRefused() {
        b.enter(spec.id(), 2);
        assertThatThrownBy(() -> a.dial(plan, 0, 1))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("left generation 1");
    }

    @Test
    void dialler_onTheSameMachine_takesTheLocalSocket() throws Exception {
        try (Link near = a.dial(plan, 0, 1)) {
            assertThat(near.socket().getRemoteAddress()).isInstanceOf(UnixDomainSocketAddress.class);
        }
    }

    @Test
    void dialler_whoSeesNoLocalSocket_takesTcp() throws Exception {
        Files.delete(LocalSocket.file(b.address().port()));
        try (Link far = a.dial(plan, 0, 1)) {
            assertThat(far.socket().getRemoteAddress()).isInstanceOf(InetSocketAddress.class);
        }
    }

    @Test
    void dialler_whoseLocalSocketIsDead_takesTcp() throws Exception {
        Path file = LocalSocket.file(b.address().port());
        Files.delete(file);
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
        }
        try (Link far = a.dial(plan, 0, 1)) {
            assertThat(far.socket().getRemoteAddress()).isInstanceOf(InetSocketAddress.class);
        }
    }

    @Test
    void reduce_overTcp_bothHaveTheSum() throws IOException {
        Files.delete(LocalSocket.file(b.address().port()));
        CompletableFuture<Exchange.Reduction> atA = reduce(connect(0), vector(10, 1), 5, 0.25);
        CompletableFuture<Exchange.Reduction> atB = reduce(connect(1), vector(10, 2), 5, 0.5);
        assertThat(atA.join().loss()).isEqualTo(0.75);
        assertThat(atB.join().loss()).isEqualTo(0.75);
    }

    @Test
    void close_leavesNoFile() {
        a.close();
        assertThat(LocalSocket.file(a.address().port())).doesNotExist();
    }

    @Test
    void newGeneration_closesConnectionsThatWait() throws Exception {
        try (Link early = a.dial(plan, 0, 1)) {
            b.enter(spec.id(), 2);
            assertThat(early.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void waiting_whenAskedToStop_ends() {
        StopSignal stop = new StopSignal();
        CompletableFuture<PeerGroup> waiting = async(() -> PeerGroup.connect(plan, 1, b, stop));
        stop.request();
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(InterruptedException.class);
    }
}
