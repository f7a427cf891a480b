package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.refusal.Refusals;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static final Operator NOBODY = (study, action, run, by) -> CompletableFuture.completedFuture(0);

    @TempDir
    static Path folder;

    private final GridStudy study = GridStudy.of(2, 6, 1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private ServedStudy served;

    @BeforeAll
    void serve() throws IOException {
        served = ServedStudy.inTheMiddle(folder, study);
        served.refusals.heardBy(told::add);
    }

    @AfterAll
    void close() throws Exception {
        served.close();
    }

    @Test
    void everyDocumentedPath_answersAsDocumented_andNoOtherIsServed() throws Exception {
        DocumentedApi documented = new DocumentedApi(
                served.get(served.request("/api/v1/openapi.yaml")).body());
        assertThat(documented.operations())
                .extracting(DocumentedApi.Operation::name)
                .containsExactlyInAnyOrderElementsOf(served.server.served());
        for (DocumentedApi.Operation operation : documented.operations()) {
            String path = operation.path().replace("{run}", study.id(0).value());
            if (!operation.method().equals("GET")) {
                continue;
            }
            JsonNode content = operation.node().at("/responses/200/content");
            String type = content.fieldNames().next();
            if (type.equals("text/event-stream")) {
                continue;
            }
            HttpResponse<String> answer = served.get(served.asReader(path));
            assertThat(answer.statusCode()).as(operation.name()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .as(path)
                    .startsWith(type);
            if (type.equals("application/json")) {
                JsonNode schema = content.path(type).path("schema");
                assertThat(documented.faults(schema, JSON.readTree(answer.body()), operation.name()))
                        .isEmpty();
            }
        }
    }

    @Test
    void withoutAToken_nothingIsToldNotEvenWhatThereIs() throws Exception {
        for (String path : List.of("/api/v1/runs", "/api/v1/none", "/api/v1/runs/0123456789abcdef", "/api/v2")) {
            HttpResponse<String> answer = served.get(served.request(path));
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(JSON.readTree(answer.body()).at("/error/code").asText()).isEqualTo("unauthorized");
        }
    }

    @Test
    void wrongToken_isRefusedAndToldOf() throws Exception {
        HttpResponse<String> answer =
                served.get(served.request("/api/v1/runs").header("Authorization", "Bearer " + "0".repeat(64)));
        assertThat(answer.statusCode()).isEqualTo(401);
        await().untilAsserted(() -> assertThat(told)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("refused 127.0.0.1:")
                        .contains("at the HTTP port: it shows a token that is none of this study")));
        assertThat(served.get(served.request("/api/v1/runs").header("Authorization", "Basic YTpi"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void run_isToldWithAllThatIsKnown() throws Exception {
        JsonNode run = json("/api/v1/runs/" + study.id(8));
        assertThat(run.path("state").asText()).isEqualTo("training");
        assertThat(run.path("curve")).hasSizeGreaterThan(20);
        assertThat(run.path("why").get(0).asText()).startsWith("it trains on w1");
        assertThat(run.path("warnings")).hasSize(1);
        JsonNode done = json("/api/v1/runs/" + study.id(0));
        assertThat(done.path("checkpoints").get(0).path("digest").asText()).hasSize(64);
        assertThat(done.path("results")).hasSize(2);
        assertThat(json("/api/v1/runs?state=parked").path("runs")).hasSize(1);
    }

    @Test
    void operator_changesWhatTheStateAllows() throws Exception {
        served.operated.clear();
        assertThat(operated("runs/" + study.id(8) + "/pause", "operator.operate"))
                .isEqualTo(202);
        assertThat(operated("runs/" + study.id(8) + "/resume", "operator.operate"))
                .isEqualTo(409);
        assertThat(operated("runs/" + study.id(8) + "/retry", "operator.operate"))
                .isEqualTo(409);
        assertThat(operated("runs/" + study.id(8) + "/cancel", "operator.operate"))
                .isEqualTo(202);
        assertThat(operated("runs/" + study.id(0) + "/cancel", "operator.operate"))
                .isEqualTo(409);
        assertThat(operated("runs/" + study.id(11) + "/retry", "operator.operate"))
                .isEqualTo(202);
        assertThat(operated("study/resume", "operator.operate")).isEqualTo(409);
        assertThat(operated("study/pause", "operator.operate")).isEqualTo(202);
        assertThat(operated("runs/0123456789abcdef/pause", "operator.operate")).isEqualTo(404);
        assertThat(served.operated)
                .containsExactly(
                        "paused " + study.id(8) + " by operator (operate)",
                        "cancelled " + study.id(8) + " by operator (operate)",
                        "tried again " + study.id(11) + " by operator (operate)",
                        "paused feedfacecafebeef by operator (operate)");
    }

    @Test
    void reader_changesNothing() throws Exception {
        served.operated.clear();
        assertThat(operated("runs/" + study.id(8) + "/pause", "reader.read")).isEqualTo(403);
        assertThat(operated("study/cancel", "reader.read")).isEqualTo(403);
        assertThat(served.get(served.request("/api/v1/study/cancel").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(401);
        assertThat(served.operated).isEmpty();
    }

    private int operated(String path, String token) throws Exception {
        return served.get(served.request("/api/v1/" + path)
                        .header("Authorization", "Bearer " + served.token(token))
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }

    @Test
    void askingForWhatIsNot_isNamed() throws Exception {
        refused("/api/v1/runs/zzz", 400, "16 hexadecimal digits");
        refused("/api/v1/runs/0123456789abcdef", 404, "no run 0123456789abcdef");
        refused("/api/v1/runs/" + study.id(11) + "/samples.png", 404, "no completions");
        refused("/api/v1/none", 404, "openapi.yaml");
        refused("/favicon.ico", 404, "dashboard");
        HttpResponse<String> put = served.get(served.asReader("/api/v1/runs").PUT(HttpRequest.BodyPublishers.noBody()));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("Allow")).contains("GET");
    }

    @Test
    void largeRequest_isRefusedBeforeItIsRead() throws Exception {
        HttpResponse<String> answer = served.get(
                served.asReader("/api/v1/me").method("GET", HttpRequest.BodyPublishers.ofByteArray(new byte[200_000])));
        assertThat(answer.statusCode()).isEqualTo(413);
        String longHeader = "x".repeat(10_000);
        assertThat(served.get(served.request("/api/v1/health").header("X-Long", longHeader))
                        .statusCode())
                .isEqualTo(431);
        assertThat(served.get(served.request("/api/v1/health?" + longHeader)).statusCode())
                .isEqualTo(414);
    }

    @Test
    void changes_comeWithinHalfASecond() throws Exception {
        HttpResponse<Stream<String>> stream = served.client.send(
                served.asReader("/api/v1/board/changes").build(), HttpResponse.BodyHandlers.ofLines());
        HttpResponse<Stream<String>> events =
                served.client.send(served.asReader("/api/v1/events").build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = stream.body();
                Stream<String> raw = events.body()) {
            var changes = lines.iterator();
            var single = raw.iterator();
            assertThat(changes.next()).isEqualTo("event: hello");
            assertThat(single.next()).isEqualTo("event: hello");
            long sent = System.nanoTime();
            served.show(new LiveEvent.Warning(Instant.now(), study.id(3), "mark of the test"));
            assertThat(until(single, "mark of the test")).contains("\"event\":\"warning\"");
            assertThat(until(changes, "mark of the test")).contains("\"sequence\":");
            assertThat(Duration.ofNanos(System.nanoTime() - sent))
                    .isLessThan(Duration.ofMillis(1500)); // on a loaded machine
        }
        await().until(() -> {
            served.show(new LiveEvent.Warning(Instant.now(), null, "so that the end is noticed"));
            return served.server.watchers() == 0;
        });
    }

    @Test
    void garbage_isAnsweredShortlyAndNothingStops() throws Exception {
        for (int i = 0; i < 1000; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.server.port())) {
                String bytes =
                        i % 2 == 0 ? "\u0016\u0003\u0001garbage\u0000\r\n\r\n" : "GET\t/../../etc HTTP/9.9\r\n\r\n";
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                if (i == 0) {
                    String status = new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                            .readLine();
                    assertThat(status).startsWith("HTTP/1.1 400");
                }
            }
        }
        assertThat(json("/api/v1/me").path("name").asText()).isEqualTo("reader");
    }

    @Test
    void strangersWhoAskTooOften_areSlowedAndOthersAreNot(@TempDir Path own) throws Exception {
        try (ServedStudy alone = new ServedStudy(own, study)) {
            boolean slowed = false;
            for (int i = 0; i < 400 && !slowed; i++) {
                slowed = alone.get(alone.request("/api/v1/runs")).statusCode() == 429;
            }
            assertThat(slowed).isTrue();
            assertThat(alone.get(alone.asReader("/api/v1/me")).statusCode()).isEqualTo(200);
            await().until(() -> alone.get(alone.request("/api/v1/health")).statusCode() == 200);
        }
    }

    @Test
    void answers_saveTheBrowserFromItself() throws Exception {
        HttpResponse<String> answer = served.get(served.asReader("/api/v1/runs"));
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void takenPort_isNamed() throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "taken");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpSettings settings = new HttpSettings("127.0.0.1", taken.getLocalPort(), folder, null, new Refusals());
            assertThatThrownBy(() -> ApiServer.start(settings, NOBODY, system, Clock.systemUTC()))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("--http: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        } finally {
            system.terminate();
        }
    }

    private static String until(Iterator<String> lines, String mark) {
        while (true) {
            String line = lines.next();
            if (line.contains(mark)) {
                return line;
            }
        }
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = served.get(served.asReader(path));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private void refused(String path, int status, String words) throws Exception {
        HttpResponse<String> answer = served.get(served.asReader(path));
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).at("/error/message").asText()).contains(words);
    }
}
