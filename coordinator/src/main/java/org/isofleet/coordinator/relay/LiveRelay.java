package org.isofleet.coordinator.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.wire.WireMessage;

/**
 * Tells the other coordinators what happens here, and those who watch here what happens there: runs and gateways of one study live on
 * all of them. An event may be lost with a connection; everything but telemetry is in the journal, and a study that is asked shows it
 * again.
 */
public final class LiveRelay extends AbstractBehavior<LiveRelay.Message> {
    private static final ServiceKey<Message> KEY = ServiceKey.create(Message.class, "live");
    /** Events are sent together, for telemetry is frequent and small. */
    private static final Duration GATHER = Duration.ofMillis(50);

    /** What the relay is told. */
    public sealed interface Message {}

    /** Something happened here. */
    public record Happened(LiveEvent event) implements Message {}

    /** Events of another coordinator, packed by {@link EventPacket}. */
    public record Relayed(String packet) implements Message, WireMessage {}

    private record Peers(Set<ActorRef<Message>> relays) implements Message {}

    private record Send() implements Message {}

    private final Consumer<LiveEvent> live;
    private final TimerScheduler<Message> timers;
    private final List<LiveEvent> waiting = new ArrayList<>();
    private Set<ActorRef<Message>> peers = Set.of();

    private LiveRelay(ActorContext<Message> context, Consumer<LiveEvent> live, TimerScheduler<Message> timers) {
        super(context);
        this.live = live;
        this.timers = timers;
        Receptionist receptionist = Receptionist.get(context.getSystem());
        receptionist.ref().tell(Receptionist.register(KEY, context.getSelf()));
        receptionist
                .ref()
                .tell(Receptionist.subscribe(
                        KEY,
                        context.messageAdapter(
                                Receptionist.Listing.class, listing -> new Peers(listing.getServiceInstances(KEY)))));
    }

    /** @param live shows an event to those who watch here */
    public static Behavior<Message> create(Consumer<LiveEvent> live) {
        Behavior<Message> relay =
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new LiveRelay(context, live, timers)));
        return Behaviors.supervise(relay).onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Happened.class, this::onHappened)
                .onMessage(Relayed.class, this::onRelayed)
                .onMessage(Peers.class, this::onPeers)
                .onMessage(Send.class, send -> onSend())
                .build();
    }

    private Behavior<Message> onHappened(Happened happened) {
        live.accept(happened.event());
        if (!peers.isEmpty()) {
            waiting.add(happened.event());
            if (waiting.size() == 1) {
                timers.startSingleTimer(new Send(), GATHER);
            }
        }
        return this;
    }

    private Behavior<Message> onSend() {
        for (String packet : EventPacket.pack(waiting)) {
            peers.forEach(peer -> peer.tell(new Relayed(packet)));
        }
        waiting.clear();
        return this;
    }

    private Behavior<Message> onRelayed(Relayed relayed) {
        EventPacket.unpack(relayed.packet()).forEach(live);
        return this;
    }

    private Behavior<Message> onPeers(Peers known) {
        peers = new HashSet<>(known.relays());
        peers.remove(getContext().getSelf());
        return this;
    }
}
