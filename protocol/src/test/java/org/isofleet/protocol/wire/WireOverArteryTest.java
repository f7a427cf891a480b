package org.isofleet.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerCommand.Welcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireOverArteryTest {
    private static final String CONFIG = """
            pekko.actor.provider = remote
            pekko.remote.artery { transport = tcp, canonical { hostname = 127.0.0.1, port = 0 } }
            pekko.remote.warn-about-direct-use = off
            pekko.jvm-exit-on-fatal-error = off
            """;

    private final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final ActorSystem<GatewayMessage> gateway = ActorSystem.create(
            Behaviors.setup(context -> Behaviors.receive(GatewayMessage.class)
                    .onMessage(RegisterWorker.class, registration -> {
                        heard.add(registration);
                        registration.worker().tell(new Welcome(context.getSelf(), null));
                        return Behaviors.same();
                    })
                    .build()),
            "isofleet",
            ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load()));
    private final ActorSystem<WorkerCommand> worker = ActorSystem.create(
            Behaviors.receiveMessage(command -> {
                heard.add(command);
                return Behaviors.same();
            }),
            "worker",
            ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load()));

    @AfterEach
    void stop() {
        gateway.terminate();
        worker.terminate();
    }

    @Test
    void actorReference_worksOnTheOtherSide() throws InterruptedException {
        ActorRef<GatewayMessage> remote = ActorRefResolver.get(worker)
                .resolveActorRef(ActorRefResolver.get(gateway).toSerializationFormat(gateway));
        RegisterWorker registration = (RegisterWorker) new RandomMessages(3, worker).make(RegisterWorker.class);
        remote.tell(registration);

        RegisterWorker arrived = (RegisterWorker) heard.poll(10, TimeUnit.SECONDS);
        assertThat(arrived).isNotSameAs(registration);
        assertThat(arrived.profile()).isEqualTo(registration.profile());
        Welcome welcome = (Welcome) heard.poll(10, TimeUnit.SECONDS);
        assertThat(welcome.gateway().path().address().port())
                .isEqualTo(remote.path().address().port());
    }
}
