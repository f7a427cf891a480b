package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.isofleet.worker.node.Runs.evaluate;
import static org.isofleet.worker.node.Runs.member;
import static org.isofleet.worker.node.Runs.prepare;
import static org.isofleet.worker.node.Runs.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GatewayMessage.Goodbye;
import org.isofleet.protocol.group.GatewayMessage.Heartbeat;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.GatewayMessage.Telemetry;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.RunReport.CheckpointWritten;
import org.isofleet.protocol.group.RunReport.EvaluationFailed;
import org.isofleet.protocol.group.RunReport.EvaluationFinished;
import org.isofleet.protocol.group.RunReport.GroupPrepared;
import org.isofleet.protocol.group.RunReport.PeerLost;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand.ReleaseGroup;
import org.isofleet.protocol.group.WorkerCommand.Shutdown;
import org.isofleet.protocol.group.WorkerCommand.StartGroup;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.evaluate.Evaluator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerNodeTest {
    private static final KernelClass KERNEL = new KernelClass("dl4j", "test", "fp32");
    private static final RunSpec RUN = spec(1);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<ScriptedTraining> trainings = new CopyOnWriteArrayList<>();
    private final CountDownLatch evaluationMayEnd = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private ScriptedGateway gateway(int port) {
        ScriptedGateway gateway = new ScriptedGateway(port);
        open.add(gateway);
        return gateway;
    }

    private WorkerSettings settings(int port, Duration orphanTimeout, String... coordinators) {
        return new WorkerSettings(
                "w1", List.of(coordinators), "127.0.0.1", port, 0, "secret", 1, 1L << 30, orphanTimeout);
    }

    private WorkerNode worker(WorkerSettings settings) {
        Evaluator loss = task -> {
            evaluationMayEnd.await();
            return new HeldOutLoss("test on " + Thread.currentThread().getName(), 1, 2, 3, 4);
        };
        Evaluator probe = task -> {
            throw new java.io.IOException("checkpoint step-10 is damaged");
        };
        WorkerNode node = WorkerNode.start(
                settings,
                new WorkerParts(
                        "test device",
                        List.of(KERNEL),
                        (s, incarnation, listener) -> {
                            trainings.add(new ScriptedTraining(s.workerId(), listener));
                            return training();
                        },
                        Map.of(EvaluationKind.HELD_OUT_LOSS, loss, EvaluationKind.LINEAR_PROBE, probe)));
        open.add(node);
        return node;
    }

    private ScriptedTraining training() {
        return trainings.get(trainings.size() - 1);
    }

    private static void awaitWorker(ScriptedGateway gateway) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gateway.workers).containsKey("w1"));
    }

    @Test
    void worker_registersAndSendsHeartbeats() {
        ScriptedGateway gateway = gateway(0);
        WorkerNode node = worker(settings(0, Duration.ZERO, gateway.address()));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.heard(Heartbeat.class).size() >= 4);
        RegisterWorker registration = gateway.heard(RegisterWorker.class).get(0);
        assertThat(registration.profile().member().incarnation()).isEqualTo(node.incarnation());
        assertThat(registration.profile().kernelClasses()).containsExactly(KERNEL);
        assertThat(registration.profile().processId())
                .isEqualTo(ProcessHandle.current().pid());
        Heartbeat heartbeat = gateway.heard(Heartbeat.class).get(0);
        assertThat(heartbeat.incarnation()).isEqualTo(node.incarnation());
        assertThat(heartbeat.tokensPerSecond()).isEqualTo(123);
        assertThat(heartbeat.shardSeconds()).isEqualTo(0.25);
        assertThat(heartbeat.residentBytes()).isGreaterThan(10_000_000);
        assertThat(gateway.heard(RegisterWorker.class).size()).isLessThanOrEqualTo(3);
    }

    @Test
    void workerStartedFirst_registersWithTheCoordinatorThatComesLater() {
        int port = freePort();
        worker(settings(0, Duration.ZERO, "127.0.0.1:" + freePort(), "127.0.0.1:" + port));
        awaitWorker(gateway(port));
    }

    @Test
    void restartedCoordinator_isRegisteredWithAgain_andHearsWhatWasNotAcknowledged() {
        ScriptedGateway first = gateway(0);
        int port = first.port();
        first.acknowledges = report -> false;
        worker(settings(0, Duration.ZERO, first.address()));
        awaitWorker(first);
        training().held = new HeldState(RUN.id(), 3, 17, 99);
        PeerLost before = new PeerLost(RUN.id(), 3, "w1", "w2", "before");
        training().listener().report(before);
        await().until(() -> first.reports().contains(before));
        first.close();

        PeerLost meanwhile = new PeerLost(RUN.id(), 3, "w1", "w2", "meanwhile");
        training().listener().report(meanwhile);
        ScriptedGateway second = gateway(port);
        awaitWorker(second);
        RegisterWorker registration = second.heard(RegisterWorker.class).get(0);
        assertThat(registration.held()).isEqualTo(new HeldState(RUN.id(), 3, 17, 99));
        await().until(() -> second.reports().equals(List.of(before, meanwhile)));
        assertThat(training().calls).isEmpty();
    }

    @Test
    void silentCoordinator_isLeftForAnother() {
        ScriptedGateway first = gateway(0);
        ScriptedGateway second = gateway(0);
        worker(settings(0, Duration.ZERO, first.address(), second.address()));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !first.heard(Heartbeat.class).isEmpty());
        first.close();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !second.heard(Heartbeat.class).isEmpty());
    }

    @Test
    void report_isRepeatedUntilItIsAcknowledged() {
        ScriptedGateway gateway = gateway(0);
        gateway.acknowledges =
                report -> report instanceof PeerLost lost && lost.reason().equals("second");
        worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        training().listener().report(new PeerLost(RUN.id(), 1, "w1", "w2", "first"));
        training().listener().report(new PeerLost(RUN.id(), 1, "w1", "w2", "second"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.sequences().stream().filter(s -> s == 1).count() >= 3);
        assertThat(gateway.sequences()).containsOnlyOnce(2L).startsWith(1L, 2L);
        gateway.acknowledges = report -> true;
        int heard = gateway.sequences().size();
        await().until(() -> gateway.sequences().size() > heard);
        int atAcknowledgement = gateway.sequences().size();
        long heartbeats = gateway.heard(Heartbeat.class).size();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.heard(Heartbeat.class).size() > heartbeats + 4);
        assertThat(gateway.sequences().size()).isLessThanOrEqualTo(atAcknowledgement + 1);
    }

    @Test
    void staleCommands_changeNothing() {
        ScriptedGateway gateway = gateway(0);
        WorkerNode node = worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.tell("w1", prepare(RUN, 5, member("w1", node.incarnation())));
        gateway.tell("w1", prepare(RUN, 4, member("w1", node.incarnation())));
        gateway.tell("w1", prepare(RUN, 6, member("w1", node.incarnation() - 1)));
        gateway.tell("w1", new StartGroup(RUN.id(), 4, new StartPoint.Fresh()));
        gateway.tell("w1", new StartGroup(RUN.id(), 5, new StartPoint.Fresh()));
        gateway.tell("w1", new StartGroup(RUN.id(), 5, new StartPoint.Fresh()));
        gateway.tell("w1", new ReleaseGroup(RUN.id(), 4));
        gateway.tell("w1", new ReleaseGroup(RUN.id(), 5));
        await().until(() -> training().calls.contains("release 5"));
        assertThat(training().calls).containsExactly("prepare 5", "start 5", "release 5");
        await().untilAsserted(
                        () -> assertThat(gateway.reports()).singleElement().isInstanceOf(GroupPrepared.class));
    }

    @Test
    void telemetry_isForwarded() {
        ScriptedGateway gateway = gateway(0);
        worker(settings(0, Duration.ZERO, gateway.address()));
        await().until(() -> !gateway.heard(Heartbeat.class).isEmpty());
        training().listener().steps(RUN.id(), 2, List.of(new StepMetrics(1, 2, 3, 4, 5)), 6);
        await().until(() -> gateway.heard(Telemetry.class)
                .equals(List.of(new Telemetry(RUN.id(), 2, "w1", List.of(new StepMetrics(1, 2, 3, 4, 5)), 6))));
    }

    @Test
    void evaluation_runsOnItsOwnThreadWhileTheActorGoesOn() {
        ScriptedGateway gateway = gateway(0);
        WorkerNode node = worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.tell("w1", evaluate(RUN, EvaluationKind.HELD_OUT_LOSS));
        await().until(() -> gateway.heard(Heartbeat.class).stream()
                        .filter(heartbeat -> heartbeat.evaluating() == EvaluationKind.HELD_OUT_LOSS)
                        .count()
                >= 3);
        gateway.tell("w1", prepare(spec(2), 1, member("w1", node.incarnation())));
        await().until(() -> gateway.reports().stream().anyMatch(r -> r.runId().equals(spec(2).id())));
        assertThat(training().calls).isEmpty();
        evaluationMayEnd.countDown();
        await().until(() -> gateway.reports().stream().anyMatch(EvaluationFinished.class::isInstance));
        assertThat(gateway.reports())
                .filteredOn(EvaluationFinished.class::isInstance)
                .singleElement()
                .satisfies(report -> assertThat(
                                ((EvaluationFinished) report).result().protocol())
                        .isEqualTo("test on evaluation-w1"));
    }

    @Test
    void failedEvaluation_isReportedAndTheNextOneRuns() {
        ScriptedGateway gateway = gateway(0);
        worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        for (EvaluationKind kind : List.of(EvaluationKind.LINEAR_PROBE, EvaluationKind.COMPLETIONS)) {
            gateway.tell("w1", evaluate(RUN, kind));
            await().until(() -> gateway.reports().stream()
                    .anyMatch(r -> r instanceof EvaluationFailed failed && failed.kind() == kind));
        }
        assertThat(gateway.reports())
                .extracting(report -> ((EvaluationFailed) report).reason())
                .containsExactly("checkpoint step-10 is damaged", "this worker has no evaluator of COMPLETIONS");
    }

    @Test
    void shutdown_saysGoodbyeAndFreesThePort() throws InterruptedException {
        ScriptedGateway gateway = gateway(0);
        int port = freePort();
        WorkerNode node = worker(settings(port, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        assertThatThrownBy(() -> worker(settings(port, Duration.ZERO, gateway.address())))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("cannot bind 127.0.0.1:" + port + ": the port is in use")
                .hasMessageContaining("choose others, or port 0");
        gateway.tell("w1", new Shutdown());
        node.awaitTermination();
        assertThat(gateway.heard(Goodbye.class))
                .singleElement()
                .satisfies(goodbye -> assertThat(goodbye.reason()).isEqualTo("a coordinator asked for it"));
        WorkerNode next = worker(settings(port, Duration.ZERO, gateway.address()));
        assertThat(next.port()).isEqualTo(port);
        assertThat(next.incarnation()).isGreaterThan(node.incarnation());
    }

    @Test
    void drainedWorker_saysThatItLeaves_andEndsWhenItIsReleased() throws InterruptedException {
        ScriptedGateway gateway = gateway(0);
        WorkerNode node = worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.tell("w1", prepare(RUN, 5, member("w1", node.incarnation())));
        await().until(() -> training().calls.contains("prepare 5"));
        node.drain(Duration.ofMinutes(1));
        await().until(() -> gateway.heard(Heartbeat.class).stream()
                        .filter(Heartbeat::leaving)
                        .count()
                > 6);
        assertThat(gateway.heard(Goodbye.class)).as("it is in a group").isEmpty();
        gateway.tell("w1", new ReleaseGroup(RUN.id(), 5));
        node.awaitTermination();
        assertThat(gateway.heard(Goodbye.class))
                .singleElement()
                .satisfies(
                        goodbye -> assertThat(goodbye.reason()).isEqualTo("it was asked to end, and has handed over"));
    }

    @Test
    void drainedWorkerWithoutAnHeir_endsWithItsNextCheckpoint() throws InterruptedException {
        ScriptedGateway gateway = gateway(0);
        WorkerNode node = worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.tell("w1", prepare(RUN, 5, member("w1", node.incarnation())));
        node.drain(Duration.ofMinutes(1));
        await().until(() -> gateway.heard(Heartbeat.class).stream().anyMatch(Heartbeat::leaving));
        training()
                .listener()
                .report(new CheckpointWritten(
                        RUN.id(), 5, "w1", new CheckpointRef(RUN.id(), 5, "f".repeat(64), "step-5")));
        node.awaitTermination();
        assertThat(node.reason()).contains("has brought a checkpoint");
    }

    @Test
    void drainedWorker_endsInTime_andAtOnceWithoutACoordinator() throws InterruptedException {
        ScriptedGateway gateway = gateway(0);
        WorkerNode late = worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.tell("w1", evaluate(RUN, EvaluationKind.HELD_OUT_LOSS));
        await().until(() -> gateway.heard(Heartbeat.class).stream().anyMatch(beat -> beat.evaluating() != null));
        late.drain(Duration.ofSeconds(1));
        late.awaitTermination();
        assertThat(late.reason()).contains("nobody took over within 1.0 s");
        evaluationMayEnd.countDown();

        WorkerNode node = worker(settings(0, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.tell("w1", prepare(RUN, 5, member("w1", node.incarnation())));
        await().until(() -> training().calls.contains("prepare 5"));
        gateway.close();
        node.drain(Duration.ofMinutes(5));
        node.awaitTermination();
        assertThat(node.reason()).contains("no coordinator is there");
    }

    @Test
    void orphan_endsAfterItsTimeout() throws InterruptedException {
        ScriptedGateway gateway = gateway(0);
        WorkerNode node = worker(settings(0, Duration.ofSeconds(3), gateway.address()));
        awaitWorker(gateway);
        gateway.close();
        node.awaitTermination();
        assertThat(node.reason()).contains("no coordinator was heard of for 3.0 s");
        assertThat(training().calls).containsExactly("close");
    }

    @Test
    void quarantinedSystem_isMadeAnew_andTrainingNeverNotices() {
        ScriptedGateway gateway = gateway(0);
        int port = freePort();
        WorkerNode node = worker(settings(port, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.quarantine(port);
        PeerLost report = new PeerLost(RUN.id(), 3, "w1", "w2", "told by the new system");
        training().listener().report(report);
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.reports().contains(report));
        assertThat(gateway.heard(Goodbye.class)).isEmpty();
        assertThat(gateway.heard(RegisterWorker.class))
                .extracting(registration -> registration.profile().member().incarnation())
                .containsOnly(node.incarnation());
        assertThat(training().calls).isEmpty();
    }

    @Test
    void closedWhileItsSystemIsMadeAnew_ends() {
        ScriptedGateway gateway = gateway(0);
        int port = freePort();
        WorkerNode node = worker(settings(port, Duration.ZERO, gateway.address()));
        awaitWorker(gateway);
        gateway.quarantine(port);
        await().atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> isStartingASystem("keeper-w1"));
        assertThat(CompletableFuture.runAsync(node::close)).succeedsWithin(Duration.ofSeconds(20));
        assertThat(training().calls).containsExactly("close");
    }

    /** Whether a thread is within the time in which nobody has the new system yet. */
    private static boolean isStartingASystem(String thread) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals(thread))
                .flatMap(entry -> Stream.of(entry.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("startSystem"));
    }

    private static int freePort() {
        try (java.net.ServerSocket socket =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
