package org.isofleet.worker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.train.SmallRuns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever comes to the bulk port and is not the peer that must come, and the peer that does not do what it must. */
class StrangersTest {
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
    private final RunSpec spec = SmallRuns.spec(10, 4);
    private final BulkServer a = new BulkServer("127.0.0.1", "a", 1, SECRET);
    private final BulkServer b = new BulkServer("127.0.0.1", "b", 1, SECRET);
    private final GroupPlan plan = plan(1, 1);

    StrangersTest() throws IOException {
        a.enter(spec.id(), 1);
        b.enter(spec.id(), 1);
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private GroupPlan plan(long generation, long incarnationOfB) {
        return new GroupPlan(
                spec,
                generation,
                List.of(new Member("a", 1, a.address()), new Member("b", incarnationOfB, b.address())),
                "store");
    }

    @Test
    void peerWithAnotherSecret_isRefusedAndSaysWhy() throws IOException {
        try (BulkServer other = new BulkServer("127.0.0.1", "a", 1, "another".getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> other.dial(plan, 0, 1))
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageContaining("it has another secret");
        }
        assertNobodyWaits();
    }

    @Test
    void serverWithoutTheSecret_isNotBelieved() throws Exception {
        Handshake dialler = new Handshake(SECRET);
        byte[] anyProof = new byte[64];
        new Random(1).nextBytes(anyProof);
        assertThatThrownBy(() -> dialler.dial(
                        new DataInputStream(new ByteArrayInputStream(anyProof)),
                        new DataOutputStream(new ByteArrayOutputStream()),
                        new Handshake.Purpose(spec.id(), 1, "a", "b", 1)))
                .hasMessage("it does not know the cluster's secret");
    }

    @Test
    void helloOfBefore_saidAgain_isRefused() throws Exception {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        Handshake mine = new Handshake(SECRET);
        try (Socket socket = connect()) {
            mine.dial(
                    new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(new Tee(socket.getOutputStream(), heard)),
                    new Handshake.Purpose(spec.id(), 1, "a", "b", 1));
        }
        try (Socket socket = connect()) {
            socket.getOutputStream().write(heard.toByteArray());
            assertThat(socket.getInputStream().readNBytes(64)).hasSize(32); // a challenge, and no proof
        }
    }

    @Test
    void otherIncarnationGenerationOrRun_isRefused() {
        assertRefused(plan(1, 2));
        assertRefused(plan(2, 1));
        a.enter(SmallRuns.spec(11, 4).id(), 1);
        assertRefused(new GroupPlan(SmallRuns.spec(11, 4), 1, plan.members(), "store"));
        assertNobodyWaits();
    }

    private void assertRefused(GroupPlan to) {
        assertThatThrownBy(() -> a.dial(to, 0, 1))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("refused the connection");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11, 12, 43, 60, 69, 75, 500})
    void helloCutOrDamaged_isClosedAndThePortGoesOn(int bytes) throws Exception {
        byte[] hello = new byte[bytes];
        new Random(bytes).nextBytes(hello);
        byte[] right =
                ByteBuffer.allocate(12).putLong(0x49534F464C454554L).putInt(1).array();
        System.arraycopy(right, 0, hello, 0, Math.min(bytes, right.length));
        try (Socket socket = connect()) {
            socket.getOutputStream().write(hello);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes().length).isLessThanOrEqualTo(32);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        try (Link channel = a.dial(plan, 0, 1)) {
            assertThat(channel.socket().isConnected()).isTrue();
        }
    }

    @Test
    void silentStrangers_doNotKeepThePeerOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                silent.add(connect());
            }
            try (Link channel = a.dial(plan, 0, 1)) {
                assertThat(channel.socket().isConnected()).isTrue();
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void peerThatStopsMidway_isWaitedForUntilTheGroupIsStopped() throws Exception {
        StopSignal stop = new StopSignal();
        CompletableFuture<PeerGroup> atB = async(() -> PeerGroup.connect(plan, 1, b, new StopSignal()));
        CompletableFuture<Exchange.Reduction> atA = async(() -> reduce(PeerGroup.connect(plan, 0, a, stop), 1));
        try (PeerGroup silent = atB.join()) {
            assertThat(silent.peers()).hasSize(1);
            assertThat(atA).isNotDone();
            stop.request();
            assertThatThrownBy(atA::join).hasCauseInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void peerThatIsGoneMidway_isLost() throws Exception {
        CompletableFuture<PeerGroup> atB = async(() -> PeerGroup.connect(plan, 1, b, new StopSignal()));
        CompletableFuture<Exchange.Reduction> atA =
                async(() -> reduce(PeerGroup.connect(plan, 0, a, new StopSignal()), 1));
        atB.join().close();
        assertThatThrownBy(atA::join)
                .hasCauseInstanceOf(PeerLostException.class)
                .satisfies(e -> assertThat(((PeerLostException) Objects.requireNonNull(e.getCause())).workerId())
                        .isEqualTo("b"));
    }

    @Test
    void contributionOfAnotherStep_losesThePeer() {
        CompletableFuture<Exchange.Reduction> atA =
                async(() -> reduce(PeerGroup.connect(plan, 0, a, new StopSignal()), 7));
        CompletableFuture<Exchange.Reduction> atB =
                async(() -> reduce(PeerGroup.connect(plan, 1, b, new StopSignal()), 8));
        for (CompletableFuture<Exchange.Reduction> either : List.of(atA, atB)) {
            assertThatThrownBy(either::join).hasCauseInstanceOf(PeerLostException.class);
        }
    }

    private static Exchange.Reduction reduce(PeerGroup group, long step) throws Exception {
        try (group;
                ExchangedVectors memory = new ExchangedVectors(group)) {
            return new GroupExchange(group, SumOrder.TREE, List.of(FlatVector.zeros(10)), memory)
                    .reduce(new Exchange.Contribution(step, 5, 7, new double[] {1}));
        }
    }

    private void assertNobodyWaits() {
        assertThatThrownBy(() -> b.accepted(plan, 0, Duration.ofMillis(50), new StopSignal()))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("did not connect");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), b.address().port());
        socket.setSoTimeout(10_000);
        return socket;
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

    /** Writes to two places. */
    private static final class Tee extends FilterOutputStream {
        private final OutputStream copy;

        Tee(OutputStream to, OutputStream copy) {
            super(to);
            this.copy = copy;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            copy.write(Arrays.copyOfRange(bytes, from, from + length));
        }
    }
}
