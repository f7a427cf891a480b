package org.isofleet.protocol.refusal;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.event.LogMarker;
import org.apache.pekko.event.Logging;
import org.apache.pekko.event.slf4j.Slf4jLoggingFilter;

/**
 * Hears of those whom the port of an actor system refused. Pekko tells of them in one place only, a debug line of the stage that holds the socket, with the
 * address and the failure; so those lines, and no other of that level, are let through ({@link Filter}), read here, and dropped by the
 * log. {@code ForeignNodesTest} fails when a version of Pekko words them otherwise.
 */
public final class ArteryRefusals {
    private static final String DOOR = "the actors' port";
    private static final Set<String> STAGES = Set.of(
            "org.apache.pekko.stream.Materializer", // when what comes before it fails, as TLS does
            "org.apache.pekko.stream.impl.io.TcpConnectionStage$TcpStreamLogic"); // when what comes after it fails

    /** With TLS it is the failure of the stage that speaks it, without TLS that of the one behind, which cuts frames. */
    private static final Pattern REFUSED = Pattern.compile(
            "Aborting (?:tcp connection to|connection from) (?:[^/ ]*/)?(\\S+):(\\d+) because of (?:upstream|downstream) failure: (?:"
                    + StrangerRefusedException.MARK + "(.*)|(.*FramingException.*))",
            Pattern.DOTALL);

    private ArteryRefusals() {}

    /** Settings of an actor system that tells of whom it refuses. */
    public static Map<String, Object> settings() {
        return Map.of("pekko.loglevel", "DEBUG", "pekko.logging-filter", Filter.class.getName());
    }

    /** Begins to tell. */
    public static void tell(org.apache.pekko.actor.typed.ActorSystem<?> system, Refusals refusals) {
        ActorRef<Logging.Debug> hearer = system.systemActorOf(hearer(refusals), "refusals", Props.empty());
        Adapter.toClassic(system).eventStream().subscribe(Adapter.toClassic(hearer), Logging.Debug.class);
    }

    private static Behavior<Logging.Debug> hearer(Refusals refusals) {
        return Behaviors.receiveMessage(line -> {
            read(String.valueOf(line.message()))
                    .ifPresent(refused -> refusals.refused(refused.from(), DOOR, refused.reason()));
            return Behaviors.same();
        });
    }

    record Refused(InetSocketAddress from, String reason) {}

    static Optional<Refused> read(String line) {
        Matcher matcher = REFUSED.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String reason = matcher.group(3) == null ? "it does not speak the protocol of actors" : matcher.group(3);
        return Optional.of(new Refused(
                InetSocketAddress.createUnresolved(matcher.group(1), Integer.parseInt(matcher.group(2))), reason));
    }

    /** What is logged: as without it, and of debug lines those that are read here. */
    public static final class Filter extends Slf4jLoggingFilter {
        /** Called by Pekko. */
        public Filter(ActorSystem.Settings settings, EventStream stream) {
            super(settings, stream);
        }

        @Override
        public boolean isDebugEnabled(Class<?> logClass, String logSource) {
            return STAGES.contains(logClass.getName());
        }

        @Override
        public boolean isDebugEnabled(Class<?> logClass, String logSource, LogMarker marker) {
            return false;
        }
    }
}
