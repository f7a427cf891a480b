package org.isofleet.worker.node;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.UniqueAddress;
import org.apache.pekko.remote.artery.ArteryTransport;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.GatewayMessage.Goodbye;
import org.isofleet.protocol.group.GatewayMessage.NumberedReport;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerCommand.ReportAcknowledged;
import org.isofleet.protocol.group.WorkerCommand.Welcome;
import scala.Option;

/** A coordinator's system with a gateway that welcomes every worker, acknowledges what it is told to, and remembers all it heard. */
final class ScriptedGateway implements AutoCloseable {
    final List<GatewayMessage> heard = new CopyOnWriteArrayList<>();
    final Map<String, ActorRef<WorkerCommand>> workers = new ConcurrentHashMap<>();
    volatile Predicate<RunReport> acknowledges = report -> true;
    private final ActorSystem<Void> system;

    ScriptedGateway(int port) {
        system = ActorSystem.create(
                Behaviors.setup(context -> {
                    ActorRef<GatewayMessage> gateway = context.spawn(gateway(), "gateway");
                    context.getSystem()
                            .scheduler()
                            .scheduleAtFixedRate(
                                    Duration.ZERO,
                                    Duration.ofSeconds(1),
                                    () -> workers.values().forEach(worker -> worker.tell(new Welcome(gateway, null))),
                                    context.getExecutionContext());
                    return Behaviors.empty();
                }),
                "isofleet",
                ConfigFactory.parseString("""
                                pekko.remote.artery.canonical { hostname = 127.0.0.1, port = %d }
                                """.formatted(port))
                        .withFallback(ConfigFactory.parseResources("isofleet-worker.conf"))
                        .withFallback(ConfigFactory.load())
                        .resolve());
    }

    private Behavior<GatewayMessage> gateway() {
        return Behaviors.setup(context -> Behaviors.receiveMessage(message -> {
            if (message instanceof RegisterWorker registration) {
                workers.put(registration.profile().workerId(), registration.worker());
                registration.worker().tell(new Welcome(context.getSelf(), null));
            } else if (message instanceof NumberedReport report && acknowledges.test(report.report())) {
                report.worker().tell(new ReportAcknowledged(report.sequence()));
            } else if (message instanceof Goodbye goodbye) {
                workers.remove(goodbye.workerId());
            }
            heard.add(message);
            return Behaviors.same();
        }));
    }

    int port() {
        return system.address().port().map(port -> (Integer) port).getOrElse(() -> 0);
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    void tell(String workerId, WorkerCommand command) {
        ActorRef<WorkerCommand> worker = workers.get(workerId);
        if (worker == null) {
            throw new IllegalStateException(workerId + " has not registered");
        }
        worker.tell(command);
    }

    /** Refuses the worker's actor system for good, as after a partition that a coordinator took for its death. */
    void quarantine(int workerPort) {
        Address address = Address.apply("pekko", "isofleet-worker", "127.0.0.1", workerPort);
        ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
        ArteryTransport transport = (ArteryTransport) ((RemoteActorRefProvider) classic.provider()).transport();
        UniqueAddress worker = transport
                .association(address)
                .associationState()
                .uniqueRemoteAddress()
                .get();
        transport.quarantine(address, Option.apply(worker.uid()), "by the test", false);
    }

    <T extends GatewayMessage> List<T> heard(Class<T> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Numbers of the reports heard, in order, repetitions included. */
    List<Long> sequences() {
        return heard(NumberedReport.class).stream()
                .map(NumberedReport::sequence)
                .toList();
    }

    List<RunReport> reports() {
        return heard(NumberedReport.class).stream()
                .map(NumberedReport::report)
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
