package org.isofleet.worker.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.remote.RemoteTransportException;
import org.isofleet.protocol.keys.ArteryKeys;
import org.isofleet.protocol.node.NodeSystem;
import org.isofleet.protocol.refusal.ArteryRefusals;
import org.isofleet.protocol.refusal.Refusals;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of this process: its actor system, its training host, its evaluators. It runs until it is closed, a coordinator shuts
 * it down, the process is asked to end (SIGTERM), or the orphan timeout has passed; the absence of coordinators alone never ends it.
 */
public final class WorkerNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkerNode.class);
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    private static final Duration RENEWAL_PAUSE = Duration.ofSeconds(1);

    private final WorkerState state;
    private final Refusals refusals = new Refusals();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ActorSystem<WorkerActor.Message> system;
    private volatile boolean renewing;
    private volatile boolean leaving;
    private volatile String reason = "its process ends";

    private WorkerNode(WorkerState state) {
        this.state = state;
        refusals.heardBy(state::refused);
        this.system = startSystem();
    }

    /**
     * Starts a worker.
     *
     * @throws InvalidSpecException when a port is in use; the message is one line with the mend
     */
    public static WorkerNode start(WorkerSettings settings, WorkerParts parts) {
        WorkerState state;
        try {
            state = new WorkerState(settings, parts);
        } catch (IOException e) {
            throw new InvalidSpecException("worker " + settings.workerId() + ": " + e.getMessage());
        }
        try {
            WorkerNode node = new WorkerNode(state);
            Thread keeper = new Thread(node::keep, "keeper-" + settings.workerId());
            keeper.setDaemon(true);
            keeper.start();
            return node;
        } catch (RuntimeException e) {
            state.close();
            throw e;
        }
    }

    /** Port of the actor system. */
    public int port() {
        return system.address().port().map(port -> (Integer) port).getOrElse(() -> 0);
    }

    /** Number of this start, larger than that of every start of the slot before. */
    public long incarnation() {
        return state.incarnation;
    }

    /** Why it ended, or would end now. */
    public String reason() {
        return reason;
    }

    /** Waits until the worker has ended, for whatever reason. */
    public void awaitTermination() throws InterruptedException {
        ended.await();
    }

    /**
     * Asks it to end once others have what it works at; returns at once. Its group goes on without it, from the step that it has just made.
     *
     * @param longest after this time it ends all the same, as by {@link #close}
     */
    public void drain(Duration longest) {
        log.info(
                "worker {} leaves: it hands over what it works at, for at most {} s",
                state.settings.workerId(),
                longest.toMillis() * 1e-3);
        state.drain(longest);
    }

    /** Says goodbye, stops training and evaluation, frees the ports. Returns when that is done. */
    @Override
    public void close() {
        leave("it was closed");
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(String why) {
        reason = why;
        leaving = true;
        shutDown();
    }

    /** Asked again it changes nothing. */
    private void shutDown() {
        CoordinatedShutdown.get(system).runAll(new Leaving());
    }

    /** Another system has quarantined this one and will not listen to it again: make a new one under a new identity. */
    private void renew() {
        if (!leaving) {
            log.warn("quarantined by a coordinator; starting a new actor system");
            renewing = true;
            system.terminate();
        }
    }

    private ActorSystem<WorkerActor.Message> startSystem() {
        WorkerSettings settings = state.settings;
        Config config = ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname", settings.host(),
                        "pekko.remote.artery.canonical.port", settings.port()))
                .withFallback(ConfigFactory.parseMap(ArteryRefusals.settings()))
                .withFallback(ConfigFactory.parseMap(ArteryKeys.settings(settings.keys())))
                .withFallback(ConfigFactory.parseResources(WorkerNode.class.getClassLoader(), "isofleet-worker.conf"));
        ActorSystem<WorkerActor.Message> started;
        try {
            started =
                    NodeSystem.outside(WorkerActor.create(state, this::leave, this::renew), "isofleet-worker", config);
        } catch (RemoteTransportException e) {
            throw new InvalidSpecException("worker " + settings.workerId() + " cannot bind " + settings.host() + ":"
                    + settings.port() + ": the port is in use, or the address is not one of this machine; choose"
                    + " others, or port 0 for any free one");
        }
        state.attach(started);
        ArteryRefusals.tell(started, refusals);
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(started);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "say-goodbye", () -> sayGoodbye(started));
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "stop-computing", this::stopComputing);
        return started;
    }

    private CompletionStage<Done> sayGoodbye(ActorSystem<WorkerActor.Message> leaving) {
        if (renewing) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return AskPattern.ask(leaving, self -> new WorkerActor.Leave(reason, self), GOODBYE, leaving.scheduler());
    }

    private CompletionStage<Done> stopComputing() {
        if (renewing) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        CompletableFuture<Done> done = new CompletableFuture<>();
        new Thread(
                        () -> {
                            state.close();
                            done.complete(Done.getInstance());
                        },
                        "closing-" + state.settings.workerId())
                .start();
        return done;
    }

    private void keep() {
        awaitSystem();
        while (renewing && !leaving) {
            renewing = false;
            renewSystem();
            awaitSystem();
        }
        log.info("worker {} ended: {}", state.settings.workerId(), reason);
        state.close();
        ended.countDown();
    }

    private void awaitSystem() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    private void renewSystem() {
        while (!leaving) {
            try {
                system = startSystem();
                if (leaving) {
                    shutDown(); // who left meanwhile may have shut the old one down
                }
                return;
            } catch (InvalidSpecException e) {
                log.warn("{}; trying again", e.getMessage());
                LockSupport.parkNanos(RENEWAL_PAUSE.toNanos());
            }
        }
    }

    private static final class Leaving implements CoordinatedShutdown.Reason {}
}
