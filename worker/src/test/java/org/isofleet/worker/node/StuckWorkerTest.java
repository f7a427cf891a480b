package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.GatewayMessage.StacksCaptured;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport.GroupPrepared;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.train.BigramEngine;
import org.isofleet.worker.train.LocalTrainingHost;
import org.isofleet.worker.train.SmallRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real worker whose compute thread is stuck in its engine. */
class StuckWorkerTest {
    private static final RunSpec RUN = SmallRuns.spec(20, 4);

    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch freed = new CountDownLatch(1);

    @TempDir
    Path checkpoints;

    private WorkerParts parts() {
        return new WorkerParts(
                "test",
                List.of(new KernelClass("dl4j", "test", "fp32")),
                (settings, incarnation, listener) -> new LocalTrainingHost(
                        settings.workerId(),
                        incarnation,
                        settings.host(),
                        settings.bulkPort(),
                        BulkCredentials.of(settings.secret(), null),
                        (shape, lanes, images) -> new BigramEngine(shape, lanes) {
                            private boolean prepared;

                            @Override
                            public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
                                if (prepared) {
                                    waitForADeviceThatHangs();
                                }
                                prepared = true; // by the gradient that tells what its kernels compute
                                return super.gradient(lane, shard, gradient);
                            }
                        },
                        (reference, shape) -> SmallRuns.images(),
                        settings.threads(),
                        listener,
                        CheckpointRoutes.local()),
                Map.of());
    }

    private void waitForADeviceThatHangs() {
        stuck.countDown();
        try {
            freed.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void workerWhoseComputeThreadIsStuck_saysWhere() throws InterruptedException {
        try (ScriptedGateway gateway = new ScriptedGateway(0);
                WorkerNode node = WorkerNode.start(
                        new WorkerSettings(
                                "w1",
                                List.of(gateway.address()),
                                "127.0.0.1",
                                0,
                                0,
                                "secret",
                                1,
                                1L << 30,
                                Duration.ZERO),
                        parts())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> gateway.workers.containsKey("w1"));
            Member member = gateway.heard(RegisterWorker.class).get(0).profile().member();
            gateway.tell(
                    "w1",
                    new WorkerCommand.PrepareGroup(new GroupPlan(RUN, 1, List.of(member), checkpoints.toString())));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.reports().stream().anyMatch(GroupPrepared.class::isInstance));
            gateway.tell("w1", new WorkerCommand.StartGroup(RUN.id(), 1, new StartPoint.Fresh()));
            stuck.await();
            gateway.tell("w1", new WorkerCommand.CaptureStacks(RUN.id(), 1, "no step beyond 0"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !gateway.heard(StacksCaptured.class).isEmpty());
            StacksCaptured captured = gateway.heard(StacksCaptured.class).get(0);
            assertThat(captured.incarnation()).isEqualTo(node.incarnation());
            assertThat(captured.stacks())
                    .startsWith("\"isofleet-")
                    .contains("waitForADeviceThatHangs", "ShardGradients", "Trainer.train")
                    .hasSizeLessThanOrEqualTo(StacksCaptured.LONGEST);
            freed.countDown();
        } finally {
            freed.countDown();
        }
    }

    @Test
    void stacks_thatAreTooLong_beginWithThoseThatCompute() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Thread computing = new Thread(
                () -> {
                    running.countDown();
                    waitForADeviceThatHangs();
                },
                "isofleet-compute-test");
        computing.start();
        running.await();
        stuck.await();
        String text = ThreadStacks.capture(400);
        freed.countDown();
        computing.join();
        assertThat(text).hasSize(400).startsWith("\"isofleet-").endsWith("... cut");
    }
}
