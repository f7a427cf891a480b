package org.isofleet.coordinator.node;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.coordinator.gateway.Gateway;
import org.isofleet.coordinator.gateway.StackFolder;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.PlacementCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnhandledMessagesTest {
    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void shutdown() {
        kit.shutdownTestKit();
    }

    @Test
    void message_thatIsNoneForAGateway_isLogged() {
        TestProbe<PlacementCommand> placement = kit.createTestProbe();
        ActorRef<GatewayMessage> gateway = kit.spawn(
                Gateway.create(
                        placement.ref(),
                        (runId, command) -> {},
                        event -> {},
                        Clock.systemUTC(),
                        new Depot(new BulkAddress("127.0.0.1", 1), "mark"),
                        new StackFolder(Path.of("unused"))),
                "gateway");
        kit.spawn(UnhandledMessages.create());
        // The subscription takes a moment.
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> LoggingTestKit.warn(
                                "user/gateway does not know what to do with " + WorkerCommand.Shutdown.class.getName())
                        .expect(kit.system(), () -> {
                            gateway.unsafeUpcast().tell(new WorkerCommand.Shutdown());
                            return true;
                        }));
    }
}
