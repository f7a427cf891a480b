package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isofleet.coordinator.depot.CheckpointDepot;
import org.isofleet.coordinator.node.CoordinatorNode;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.deploy.launch.LoopbackPort;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.keys.KeyIssuer;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.checkpoint.ParameterDigest;
import org.isofleet.worker.node.LocalParts;
import org.isofleet.worker.node.WorkerNode;
import org.isofleet.worker.node.WorkerSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nodes with keys, and those who come to their ports without the right ones. Real nodes and sockets in one process. */
@Tag("slow")
class ForeignNodesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String SECRET = "the secret of the cluster";

    private static final Pattern LINE =
            Pattern.compile("(worker w\\d )?refused 127\\.0\\.0\\.1:\\d+ at (the (?:actors'|bulk) port: [^\n\r;]+)");

    @TempDir
    static Path keys = Path.of("");

    @TempDir
    Path temp = Path.of("");

    private final List<LiveEvent> seen = new CopyOnWriteArrayList<>();
    private final List<WorkerNode> strangers = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws IOException {
        KeyIssuer.init(keys.resolve("ours"), Duration.ofDays(90));
        KeyIssuer.init(keys.resolve("theirs"), Duration.ofDays(90));
    }

    @AfterEach
    void closeStrangers() {
        strangers.forEach(WorkerNode::close);
    }

    @Test
    void strangersAndRenewal_changeNothing() throws Exception {
        Path file = Files.writeString(
                temp.resolve("one.conf"),
                Files.readString(SameBitsTest.file("short.conf"))
                        .replace(", \"2x12\"", "")
                        .replace("3e10", "1e10"));
        StudyPlan plan = StudyPlans.onLocalImages(StudySource.open(file.toString()));
        String quiet = train(plan, temp.resolve("quiet"), () -> {});
        Path ours = keys.resolve("ours");
        try (TracesOfStack traces = new TracesOfStack()) {
            assertThat(train(plan, temp.resolve("beset"), () -> beset(ours))).isEqualTo(quiet);
            assertThat(traces.logged).isEmpty();
        }
        assertThat(seen)
                .noneMatch(event -> event instanceof LiveEvent.RunChanged changed
                        && changed.state() == LiveEvent.RunState.RETRYING);
        assertThat(isSeen("foreign")).isFalse();
        assertThat(isSeen("bare")).isFalse();
    }

    @Test
    void depot_hearsNobodyWithoutTheRightCertificate() throws Exception {
        Path store = Files.createDirectories(temp.resolve("store"));
        StudyPlan plan = StudyPlans.onLocalImages(
                StudySource.open(SameBitsTest.file("short.conf").toString()));
        try (CheckpointDepot depot = new CheckpointDepot("127.0.0.1", credentials("ours"), store)) {
            for (BulkCredentials other : List.of(credentials("theirs"), BulkCredentials.of(SECRET, null))) {
                assertThatThrownBy(() -> routes(depot, other)
                                .to("/not/here")
                                .collect(plan.runs().get(0).spec().id(), 1, List.of()))
                        .isInstanceOf(IOException.class);
            }
            routes(depot, credentials("ours"))
                    .to("/not/here")
                    .collect(plan.runs().get(0).spec().id(), 1, List.of());
        }
    }

    private static CheckpointRoutes routes(CheckpointDepot depot, BulkCredentials credentials) {
        CheckpointRoutes routes = new CheckpointRoutes("w1", credentials);
        routes.depot(depot.depot());
        return routes;
    }

    private static BulkCredentials credentials(String folder) {
        return BulkCredentials.of(SECRET, NodeKeys.open(keys.resolve(folder)));
    }

    @FunctionalInterface
    private interface Attack {
        void run() throws Exception;
    }

    /** The first of them are the actors' ports. */
    private List<Integer> ports = List.of();

    private static final int ACTORS_PORTS = 3;
    private int coordinatorPort;

    /** The digest of the only run, trained by two workers that see each other by TCP alone. */
    private String train(StudyPlan plan, Path folder, Attack attack) throws Exception {
        Files.createDirectories(folder);
        seen.clear();
        Path ours = keys.resolve("ours");
        List<Integer> bulk = List.of(LoopbackPort.free(), LoopbackPort.free());
        try (CoordinatorNode coordinator =
                CoordinatorNode.start(CoordinatorSettings.local(folder, SECRET).withKeys(ours))) {
            coordinator.subscribe(seen::add);
            coordinatorPort = coordinator.port();
            try (WorkerNode first = worker("w1", bulk.get(0), ours);
                    WorkerNode second = worker("w2", bulk.get(1), ours)) {
                for (int port : bulk) {
                    Files.deleteIfExists(Path.of(
                            System.getProperty("java.io.tmpdir"),
                            "isofleet-" + System.getProperty("user.name"),
                            "bulk-" + port + ".sock"));
                }
                ports = List.of(coordinatorPort, first.port(), second.port(), bulk.get(0), bulk.get(1));
                await().atMost(PATIENCE).until(() -> isSeen("w1") && isSeen("w2"));
                CompletionStage<StudyOutcome> outcome = coordinator.submit(plan).thenCompose(coordinator::outcome);
                await().atMost(PATIENCE).until(() -> seen.stream().anyMatch(LiveEvent.Progress.class::isInstance));
                attack.run();
                assertThat(outcome.toCompletableFuture()
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .count(RunOutcome.DONE))
                        .isEqualTo(1);
            }
        }
        String run = plan.runs().get(0).spec().id().toString();
        return ParameterDigest.of(folder.resolve("checkpoints").resolve(run)).sha256();
    }

    private void beset(Path ours) throws Exception {
        Path printer = Strangers.certified(ours, temp.resolve("printer"));
        for (int port : ports) {
            Strangers.say(port, Strangers.garbage());
            Strangers.say(port, Strangers.hugeFrame());
            Strangers.say(port, Strangers.hugeRecord());
            Strangers.shake(port, null);
            Strangers.shake(port, keys.resolve("theirs"));
            Strangers.shake(port, printer);
            for (int i = 0; i < 50; i++) {
                Strangers.say(port, Strangers.hugeFrame());
            }
        }
        for (int port : ports.subList(0, ACTORS_PORTS)) {
            Strangers.shake(port, ours); // a node, whose frame is too long
        }
        strangers.add(worker("foreign", 0, keys.resolve("theirs")));
        strangers.add(worker("bare", 0, null));
        assertTold();

        KeyIssuer.renew(ours, Duration.ofDays(90));
        strangers.add(worker("w3", 0, ours));
        await().atMost(PATIENCE).until(() -> isSeen("w3"));
    }

    /** Whoever watches the study hears of each kind of stranger at each port, by address and reason, once. */
    private void assertTold() {
        for (String door : List.of(
                "the actors' port",
                "worker w1 at the actors' port",
                "worker w1 at the bulk port",
                "worker w2 at the bulk port")) {
            for (String reason : List.of(
                    "it does not speak TLS, so it may have no keys",
                    "it sends a longer record than TLS has",
                    "it shows no certificate",
                    "its certificate is of another authority",
                    "it shows a certificate of 'CN=printer', where 'CN=isofleet node' is due")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(told())
                                .filteredOn((door + ": " + reason)::equals)
                                .hasSize(1));
            }
        }
        for (String door : List.of("the actors' port", "worker w1 at the actors' port")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told())
                            .contains(door + ": it sends a frame of 2147483647 bytes, where 262144 are the most"));
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told())
                        .anyMatch(
                                line -> line.startsWith("the actors' port: it does not believe the certificate here")));
    }

    /** Whom and why, of the lines that have the form that is due. */
    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (LiveEvent event : seen) {
            if (event instanceof LiveEvent.Warning warning && warning.text().contains("refused")) {
                Matcher line = LINE.matcher(warning.text());
                assertThat(line.matches()).as(warning.text()).isTrue();
                told.add((line.group(1) == null ? "" : line.group(1) + "at ") + line.group(2));
            }
        }
        return told;
    }

    private WorkerNode worker(String id, int bulkPort, @Nullable Path folder) {
        WorkerSettings settings = new WorkerSettings(
                id,
                List.of("127.0.0.1:" + coordinatorPort),
                "127.0.0.1",
                0,
                bulkPort,
                SECRET,
                1,
                1L << 30,
                Duration.ZERO,
                folder);
        return WorkerNode.start(settings, LocalParts.of(settings, EngineChoice.DEFAULT));
    }

    private boolean isSeen(String workerId) {
        return seen.stream()
                .anyMatch(event -> event instanceof LiveEvent.WorkerSeen worker
                        && worker.workerId().equals(workerId));
    }

    /** What is logged with a stack trace. */
    private static final class TracesOfStack extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        final List<String> logged = new CopyOnWriteArrayList<>();
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

        TracesOfStack() {
            start();
            root.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getThrowableProxy() != null) {
                logged.add(event.getLoggerName() + ": " + event.getFormattedMessage());
            }
        }

        @Override
        public void close() {
            root.detachAppender(this);
        }
    }
}
