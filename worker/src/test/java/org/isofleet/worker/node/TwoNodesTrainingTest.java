package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.GatewayMessage.Telemetry;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.RunReport.GroupPrepared;
import org.isofleet.protocol.group.RunReport.GroupRunning;
import org.isofleet.protocol.group.RunReport.TrainingFinished;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand.PrepareGroup;
import org.isofleet.protocol.group.WorkerCommand.StartGroup;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.train.LocalTrainingHost;
import org.isofleet.worker.train.SmallRuns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real training on real nodes; only the coordinator is scripted. */
class TwoNodesTrainingTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final RunSpec RUN = SmallRuns.spec(20, 4);

    @TempDir
    Path checkpoints;

    private final ScriptedGateway gateway = new ScriptedGateway(0);
    private final List<WorkerNode> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(WorkerNode::close);
        gateway.close();
    }

    private static WorkerParts parts() {
        EngineFactory engines = Dl4jEngine.factory();
        return new WorkerParts(
                "test",
                List.of(KernelProbe.find(engines, "fp32")),
                (settings, incarnation, listener) -> new LocalTrainingHost(
                        settings.workerId(),
                        incarnation,
                        settings.host(),
                        settings.bulkPort(),
                        settings.credentials(),
                        engines,
                        (reference, shape) -> SmallRuns.images(),
                        settings.threads(),
                        listener,
                        CheckpointRoutes.local()),
                Map.of());
    }

    private Member worker(String id) {
        nodes.add(WorkerNode.start(
                new WorkerSettings(
                        id, List.of(gateway.address()), "127.0.0.1", 0, 0, "secret", 1, 1L << 30, Duration.ZERO),
                parts()));
        await().atMost(LONG).until(() -> gateway.workers.containsKey(id));
        return gateway.heard(RegisterWorker.class).stream()
                .map(registration -> registration.profile().member())
                .filter(member -> member.workerId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private <T extends RunReport> Stream<T> reports(Class<T> type, long generation) {
        return gateway.reports().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(report -> report.toString().contains("generation=" + generation + ","));
    }

    private TrainingFinished train(long generation, String store, Member... members) {
        PrepareGroup prepare = new PrepareGroup(new GroupPlan(
                RUN, generation, List.of(members), checkpoints.resolve(store).toString()));
        Stream.of(members).forEach(member -> gateway.tell(member.workerId(), prepare));
        await().atMost(LONG)
                .until(() -> reports(GroupPrepared.class, generation).count() == members.length);
        StartGroup start = new StartGroup(RUN.id(), generation, new StartPoint.Fresh());
        Stream.of(members).forEach(member -> gateway.tell(member.workerId(), start));
        await().atMost(LONG)
                .until(() -> reports(TrainingFinished.class, generation).count() > 0);
        assertThat(reports(GroupRunning.class, generation)).hasSize(members.length);
        return reports(TrainingFinished.class, generation).findFirst().orElseThrow();
    }

    @Test
    void twoNodes_trainTheSameBitsAsOne() throws IOException {
        Member first = worker("w1");
        Member second = worker("w2");
        TrainingFinished both = train(1, "both", first, second);
        Member third = worker("w3");
        TrainingFinished alone = train(2, "alone", third);
        assertThat(both.checkpoint().step()).isEqualTo(20);
        assertThat(both.checkpoint().digest()).isEqualTo(alone.checkpoint().digest());
        assertThat(both.chain()).isEqualTo(alone.chain());
        assertThat(gateway.heard(Telemetry.class)).isNotEmpty();
    }
}
