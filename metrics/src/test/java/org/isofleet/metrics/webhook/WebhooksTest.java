package org.isofleet.metrics.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.webhook.Webhook.Occasion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real HTTP server, which is slow, fails, is away and comes back. */
@Timeout(60)
class WebhooksTest {
    private static final String SECRET = "a secret of the test";
    private static final Courier.Pace QUICK = new Courier.Pace(
            Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofSeconds(5));
    private static final List<LiveEvent> EVENTS = SimulatedStudy.events();

    /** What came: header and body. */
    private record Taken(String id, String signature, String body) {
        JsonNode json() throws IOException {
            return LiveJson.mapper().readTree(body);
        }
    }

    private interface Answer {
        int status() throws InterruptedException;
    }

    @TempDir
    private Path folder;

    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Answer answer = () -> 204;
    private HttpServer server;
    private int port;

    WebhooksTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        port = server.getAddress().getPort();
        start();
    }

    private void start() {
        server.createContext("/hook", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = answer.status();
            if (status == 204) {
                taken.add(new Taken(
                        exchange.getRequestHeaders().getFirst("Isofleet-Delivery"),
                        String.valueOf(exchange.getRequestHeaders().getFirst("Isofleet-Signature")),
                        body));
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    @Test
    void parkedRunAndTheEnd_areTold_signedAndOnce() throws Exception {
        try (Webhooks hooks = open(EnumSet.allOf(Occasion.class), SECRET)) {
            tell(hooks);
            tell(hooks); // as a restart does
        }
        assertThat(taken).hasSize(2);
        JsonNode failed = taken.get(0).json();
        assertThat(failed.path("schema").asText()).isEqualTo("webhook/1");
        assertThat(failed.path("event").asText()).isEqualTo("run-failed");
        assertThat(failed.at("/study/name").asText()).isEqualTo("demo");
        assertThat(failed.at("/run/reason").asText()).isEqualTo("failed 3 times: a worker has too little memory");
        assertThat(failed.path("id").asText()).isEqualTo(taken.get(0).id());
        JsonNode finished = taken.get(1).json();
        assertThat(finished.path("event").asText()).isEqualTo("study-finished");
        assertThat(finished.at("/result/parked").asInt()).isEqualTo(1);
        assertThat(taken).allSatisfy(each -> assertThat(each.signature()).isEqualTo(signed(each.body())));
    }

    @Test
    void hookThatWantsTheEndAlone_isToldOfNothingElse() throws Exception {
        try (Webhooks hooks = open(EnumSet.of(Occasion.STUDY_FINISHED), null)) {
            tell(hooks);
        }
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).json().path("event").asText()).isEqualTo("study-finished");
        assertThat(taken.get(0).signature()).isEqualTo("null");
    }

    @Test
    void hookThatFails_isToldAgainUntilItTakesIt_inOrder() throws Exception {
        List<Integer> statuses = new CopyOnWriteArrayList<>(List.of(500, 404, 429));
        answer = () -> statuses.isEmpty() ? 204 : statuses.remove(0);
        try (Webhooks hooks = open(EnumSet.allOf(Occasion.class), null)) {
            tell(hooks);
            await().until(() -> taken.size() == 2);
        }
        assertThat(taken.get(0).json().path("event").asText()).isEqualTo("run-failed");
        assertThat(taken.get(1).json().path("event").asText()).isEqualTo("study-finished");
    }

    @Test
    void hookThatIsAway_isToldWhenItComesBack_byTheNextStartToo() throws Exception {
        server.stop(0);
        Courier.Pace impatient = new Courier.Pace(
                Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMillis(200));
        try (Webhooks hooks = Webhooks.open(hooks(EnumSet.allOf(Occasion.class), null), folder, impatient)) {
            tell(hooks);
        }
        assertThat(folder.resolve(SentNotices.FILE)).doesNotExist();

        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        start();
        try (Webhooks hooks = open(EnumSet.allOf(Occasion.class), null)) {
            tell(hooks);
        }
        assertThat(taken).hasSize(2);
        try (Webhooks third = open(EnumSet.allOf(Occasion.class), null)) {
            tell(third);
        }
        assertThat(taken).hasSize(2);
        assertThat(Files.readString(folder.resolve(SentNotices.FILE)).lines()).hasSize(2);
    }

    @Test
    void hookThatNeverAnswers_keepsNobody() throws Exception {
        answer = () -> {
            end.await();
            return 204;
        };
        Courier.Pace impatient = new Courier.Pace(
                Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofMillis(300));
        long begun = System.nanoTime();
        try (Webhooks hooks = Webhooks.open(hooks(EnumSet.allOf(Occasion.class), null), folder, impatient)) {
            tell(hooks);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    /** Longer than it takes to fail once. */
    @Test
    void hookThatIsSlow_isGivenUpAndToldAgain() throws Exception {
        List<Integer> slow = new CopyOnWriteArrayList<>(List.of(1));
        answer = () -> {
            if (!slow.isEmpty()) {
                slow.remove(0);
                end.await();
            }
            return 204;
        };
        try (Webhooks hooks = open(EnumSet.of(Occasion.STUDY_FINISHED), null)) {
            tell(hooks);
            await().until(() -> taken.size() == 1);
        }
        assertThat(taken).hasSize(1);
    }

    @Test
    void moreThanCanWait_dropTheOldest_andTheNextStartTells() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        answer = () -> {
            open.await();
            return 503;
        };
        StudyView view = SimulatedStudy.finished();
        Courier.Pace patient = new Courier.Pace(
                Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(20), Duration.ofSeconds(30));
        try (Webhooks hooks = Webhooks.open(hooks(EnumSet.allOf(Occasion.class), null), folder, patient)) {
            for (int i = 0; i < Courier.MOST_WAITING + 50; i++) {
                hooks.take(view, parked(view, i));
            }
            answer = () -> 204;
            open.countDown();
        }
        assertThat(taken).hasSize(Courier.MOST_WAITING);
        try (Webhooks hooks = Webhooks.open(hooks(EnumSet.allOf(Occasion.class), null), folder, patient)) {
            for (int i = 0; i < Courier.MOST_WAITING + 50; i++) {
                hooks.take(view, parked(view, i));
            }
        }
        assertThat(taken).hasSize(Courier.MOST_WAITING + 50);
        assertThat(taken).extracting(Taken::id).doesNotHaveDuplicates();
    }

    private static LiveEvent parked(StudyView view, int second) {
        return new RunChanged(
                SimulatedStudy.START.plusSeconds(second),
                view.runs().get(0).id(),
                RunState.PARKED,
                1,
                List.of(),
                0,
                "the test");
    }

    @Test
    void hook_tellsNothingOfItsUrlOrSecret() {
        assertThat(hooks(EnumSet.allOf(Occasion.class), SECRET).get(0))
                .asString()
                .isEqualTo("webhook of 127.0.0.1");
    }

    private Webhooks open(Set<Occasion> on, @Nullable String secret) throws IOException {
        return Webhooks.open(hooks(on, secret), folder, QUICK);
    }

    private List<Webhook> hooks(Set<Occasion> on, @Nullable String secret) {
        return List.of(new Webhook(URI.create("http://127.0.0.1:" + port + "/hook?token=private"), on, secret));
    }

    private static void tell(Webhooks hooks) {
        StudyView view = StudyView.EMPTY;
        for (LiveEvent event : EVENTS) {
            view = view.with(event);
            hooks.take(view, event);
        }
    }

    private static String signed(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }
}
