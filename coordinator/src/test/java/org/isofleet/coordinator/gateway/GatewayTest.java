package org.isofleet.coordinator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {
    private static final RunId RUN = new RunId("0123456789abcdef");

    @TempDir
    static Path folder;

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<PlacementCommand> placement = kit.createTestProbe();
    private final TestProbe<WorkerCommand> worker = kit.createTestProbe();
    private final BlockingQueue<LiveEvent> live = new LinkedBlockingQueue<>();
    private final ActorRef<GatewayMessage> gateway = kit.spawn(Gateway.create(
            placement.ref(),
            (runId, command) -> {},
            live::add,
            Clock.systemUTC(),
            new Depot(new BulkAddress("127.0.0.1", 1), "mark"),
            new StackFolder(folder)));

    @AfterEach
    void shutdown() {
        kit.shutdownTestKit();
    }

    private void register(long incarnation) {
        Member member = new Member("w1", incarnation, new BulkAddress("127.0.0.1", 2));
        WorkerProfile profile = new WorkerProfile(member, "localhost", 1, "cpu", 1, 1 << 30, List.of());
        gateway.tell(new GatewayMessage.RegisterWorker(profile, null, worker.ref()));
    }

    private LiveEvent told() throws InterruptedException {
        return java.util.Objects.requireNonNull(live.poll(10, TimeUnit.SECONDS), "nothing was told");
    }

    /** Its process may be back before its heartbeats are missed. */
    @Test
    void worker_whoseNewProcessRegisters_isLostFirst() throws InterruptedException {
        register(1);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
        register(2);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerLost.class);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
        assertThat(placement
                        .expectMessageClass(PlacementCommand.WorkerGone.class)
                        .incarnation())
                .isEqualTo(1);
    }

    @Test
    void worker_thatRegistersAgain_isNotLost() throws InterruptedException {
        register(1);
        register(1);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
    }

    @Test
    void strangerThatAWorkerRefused_isTold_ofThatProcessOnly() throws InterruptedException {
        register(2);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
        gateway.tell(new GatewayMessage.StrangerRefused("w1", 1, "refused by another process"));
        gateway.tell(new GatewayMessage.StrangerRefused("w1", 2, "refused 10.0.0.9:1 at the bulk port: it hides"));
        assertThat(told())
                .isInstanceOfSatisfying(
                        LiveEvent.Warning.class,
                        warning -> assertThat(warning.text())
                                .isEqualTo("worker w1 refused 10.0.0.9:1 at the bulk port: it hides"));
    }

    @Test
    void stacks_areKeptInTheFolderOfTheRun() throws InterruptedException, IOException {
        register(1);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
        gateway.tell(new GatewayMessage.StacksCaptured("w1", 2, RUN, 3, "no step", "of another process"));
        gateway.tell(new GatewayMessage.StacksCaptured("w1", 1, RUN, 3, "no step beyond 9", "at Trainer.train"));
        Path file = folder.resolve(RUN.value()).resolve("stacks").resolve("generation-000003-w1.txt");
        assertThat(told())
                .isInstanceOfSatisfying(
                        LiveEvent.Warning.class,
                        warning -> assertThat(warning.text())
                                .isEqualTo("where the threads of worker w1 stood is in " + file));
        assertThat(file)
                .content()
                .contains("no step beyond 9", "at Trainer.train")
                .doesNotContain("another");
    }

    @Test
    void stacks_areBoundedAndOldOnesForgotten() throws InterruptedException, IOException {
        register(1);
        assertThat(told()).isInstanceOf(LiveEvent.WorkerSeen.class);
        RunId other = new RunId("fedcba9876543210");
        for (int generation = 1; generation <= 20; generation++) {
            String longText = "x".repeat(GatewayMessage.StacksCaptured.LONGEST + 1000);
            gateway.tell(new GatewayMessage.StacksCaptured("w1", 1, other, generation, "no step", longText));
            assertThat(told()).isInstanceOf(LiveEvent.Warning.class);
        }
        Path stacks = folder.resolve(other.value()).resolve("stacks");
        try (Stream<Path> files = Files.list(stacks)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(16)
                    .contains("generation-000020-w1.txt")
                    .doesNotContain("generation-000004-w1.txt");
        }
        assertThat(Files.size(stacks.resolve("generation-000020-w1.txt")))
                .isLessThan(GatewayMessage.StacksCaptured.LONGEST + 500L);
    }
}
