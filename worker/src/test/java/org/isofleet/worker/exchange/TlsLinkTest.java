package org.isofleet.worker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.bulk.Handshake;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.keys.KeyIssuer;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.refusal.Refusals;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.train.SmallRuns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Bulk streams over TCP between workers that have keys, and those who come without. */
class TlsLinkTest {
    private static final String SECRET = "the secret of the cluster";

    @TempDir
    static Path folder = Path.of("");

    private final RunSpec spec = SmallRuns.spec(10, 4);
    private final BulkServer a = server("a", "ours");
    private final BulkServer b = server("b", "ours");
    private final GroupPlan plan =
            new GroupPlan(spec, 1, List.of(new Member("a", 1, a.address()), new Member("b", 1, b.address())), "store");
    private final Logger logger = (Logger) LoggerFactory.getLogger(Refusals.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    TlsLinkTest() throws IOException {
        a.enter(spec.id(), 1);
        b.enter(spec.id(), 1);
        Files.delete(LocalSocket.file(a.address().port()));
        Files.delete(LocalSocket.file(b.address().port()));
    }

    @BeforeAll
    static void makeKeys() throws IOException {
        KeyIssuer.init(folder.resolve("ours"), Duration.ofDays(90));
        KeyIssuer.init(folder.resolve("theirs"), Duration.ofDays(90));
    }

    private static BulkServer server(String id, String keys) throws IOException {
        return new BulkServer("127.0.0.1", 0, id, 1, BulkCredentials.of(SECRET, NodeKeys.open(folder.resolve(keys))));
    }

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        a.close();
        b.close();
    }

    /** Norms of the summed gradients of so many steps. */
    private CompletableFuture<List<Double>> train(int me, int length, int steps) {
        return CompletableFuture.supplyAsync(() -> {
            Random random = new Random(me);
            FlatVector vector = FlatVector.zeros(length);
            try (PeerGroup group = PeerGroup.connect(plan, me, me == 0 ? a : b, new StopSignal());
                    ExchangedVectors memory = new ExchangedVectors(group)) {
                assertThat(group.peers()).noneMatch(Peer::isLocal);
                GroupExchange exchange = new GroupExchange(group, SumOrder.TREE, List.of(vector), memory);
                List<Double> norms = new ArrayList<>();
                for (int step = 1; step <= steps; step++) {
                    for (int i = 0; i < length; i++) {
                        vector.set(i, (float) random.nextGaussian());
                    }
                    norms.add(exchange.reduce(new Exchange.Contribution(step, 5, 7, new double[] {step}))
                            .norm());
                }
                return norms;
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void members_withKeys_sumManyRecordsBothWaysAtOnce() {
        CompletableFuture<List<Double>> atA = train(0, 300_003, 5);
        CompletableFuture<List<Double>> atB = train(1, 300_003, 5);
        assertThat(atA.join()).hasSize(5).isEqualTo(atB.join());
        double squares = 0;
        Random ofA = new Random(0);
        Random ofB = new Random(1);
        for (int i = 0; i < 300_003; i++) {
            float sum = (float) ofA.nextGaussian() + (float) ofB.nextGaussian();
            squares += (double) sum * sum;
        }
        assertThat(atA.join().get(0)).isEqualTo(Math.sqrt(squares), within(1e-6));
    }

    @Test
    void theSecretWithoutKeys_opensNothing() throws Exception {
        try (Socket socket = connect()) {
            Handshake mine = new Handshake(SECRET.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> mine.dial(
                            new DataInputStream(socket.getInputStream()),
                            new DataOutputStream(socket.getOutputStream()),
                            new Handshake.Purpose(spec.id(), 1, "a", "b", 1)))
                    .isInstanceOf(IOException.class);
        }
        assertOneLine();
        assertTraining();
    }

    @Test
    void foreignCertificate_getsNothing_andTrainingGoesOn() throws Exception {
        try (BulkServer stranger = server("a", "theirs")) {
            assertThatThrownBy(() -> stranger.dial(plan, 0, 1)).isInstanceOf(PeerLostException.class);
        }
        assertOneLine();
        assertThat(log.list.get(0).getFormattedMessage()).contains("it does not believe the certificate here");
        assertTraining();
    }

    @Test
    void strangerWhoBelievesUs_isNotBelieved() throws Exception {
        Path sly = Files.createDirectories(folder.resolve("sly"));
        for (String name : List.of("node.key", "node.pem")) {
            Files.copy(folder.resolve("theirs").resolve(name), sly.resolve(name));
        }
        Files.copy(folder.resolve("ours/ca.pem"), sly.resolve("ca.pem"));
        try (BulkServer stranger = server("a", "sly")) {
            assertThatThrownBy(() -> stranger.dial(plan, 0, 1)).isInstanceOf(PeerLostException.class);
        }
        assertOneLine();
        assertTraining();
    }

    @Test
    void garbageAndRecordsThatAreTooLong_areClosed_andTrainingGoesOn() throws Exception {
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        byte[] tooLong = ByteBuffer.allocate(40_000)
                .put((byte) 22)
                .putShort((short) 0x0303)
                .putShort((short) 0xFFFF)
                .array();
        for (byte[] said : List.of(garbage, tooLong)) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(said);
                assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(32);
            } catch (IOException e) {
                assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
            }
        }
        await().until(() -> log.list.size() == 2);
        assertTraining();
    }

    @Test
    void peerThatGoesMidway_isLost() throws Exception {
        CompletableFuture<List<Double>> atA = train(0, 100_000, 1);
        PeerGroup.connect(plan, 1, b, new StopSignal()).close();
        assertThatThrownBy(atA::join).hasRootCauseInstanceOf(PeerLostException.class);
    }

    @Test
    void bytesOfEverySize_arriveInOrder_whileTheSocketIsFull() throws Exception {
        CompletableFuture<Link> accepted = CompletableFuture.supplyAsync(() -> {
            try {
                return b.accepted(plan, 0, Duration.ofSeconds(20), new StopSignal());
            } catch (PeerLostException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        try (Link from = a.dial(plan, 0, 1);
                Link to = accepted.join()) {
            from.socket().configureBlocking(false);
            to.socket().configureBlocking(false);
            Random random = new Random(3);
            byte[] message = new byte[24_000_000];
            random.nextBytes(message);
            ByteBuffer out = ByteBuffer.wrap(message);
            ByteBuffer in = ByteBuffer.allocateDirect(message.length);
            from.write(out); // until the socket takes no more
            assertThat(from.unsent()).isTrue();
            while (in.position() < message.length) {
                from.write(part(out, random.nextInt(50_000)));
                to.read(new ByteBuffer[] {ByteBuffer.allocate(0), part(in, random.nextInt(40_000))});
            }
            byte[] heard = new byte[message.length];
            in.flip().get(heard);
            assertThat(heard).isEqualTo(message);
            assertThat(from.unsent()).isFalse();
        }
    }

    /** So many of the bytes that are left, as a buffer whose position moves with theirs. */
    private static ByteBuffer part(ByteBuffer of, int most) {
        return of.limit(Math.min(of.capacity(), of.position() + most));
    }

    private void assertOneLine() {
        await().until(() -> !log.list.isEmpty());
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).matches("refused 127\\.0\\.0\\.1:\\d+ at the bulk port: .+");
            assertThat(event.getThrowableProxy()).isNull();
        });
    }

    private void assertTraining() {
        CompletableFuture<List<Double>> atA = train(0, 100, 1);
        assertThat(train(1, 100, 1).join()).isEqualTo(atA.join());
    }

    private Socket connect() throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), b.address().port()));
        channel.socket().setSoTimeout(10_000);
        return channel.socket();
    }
}
