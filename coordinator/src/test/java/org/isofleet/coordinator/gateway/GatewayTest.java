package org.isofleet.coordinator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<PlacementCommand> placement = kit.createTestProbe();
    private final TestProbe<WorkerCommand> worker = kit.createTestProbe();
    private final BlockingQueue<LiveEvent> live = new LinkedBlockingQueue<>();
    private final ActorRef<GatewayMessage> gateway = kit.spawn(Gateway.create(
            placement.ref(),
            (runId, command) -> {},
            live::add,
            Clock.systemUTC(),
            new Depot(new BulkAddress("127.0.0.1", 1), "mark")));

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
}
