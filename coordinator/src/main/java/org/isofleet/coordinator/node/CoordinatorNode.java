package org.isofleet.coordinator.node;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.isofleet.coordinator.depot.CheckpointDepot;
import org.isofleet.coordinator.fit.FitFunction;
import org.isofleet.coordinator.fit.StandardFits;
import org.isofleet.coordinator.fit.StreamingFit;
import org.isofleet.coordinator.http.ApiServer;
import org.isofleet.coordinator.http.HttpSettings;
import org.isofleet.coordinator.journal.Journal;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.membership.Membership;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.node.NodeSystem;
import org.isofleet.protocol.refusal.Refusals;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coordinator process. Workers dial {@code pekko://isofleet@host:port/user/gateway}. Studies that the journal knows wake by
 * themselves when the node starts.
 */
public final class CoordinatorNode implements AutoCloseable {
    /** Name of the actor system, and so part of every address. */
    public static final String SYSTEM = "isofleet";

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorNode.class);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration FIT_PAUSE = Duration.ofMillis(300);

    private final StudyFolderLock lock;
    private final Journal journal;
    private final LiveStream live;
    private final StreamingFit fit;
    private final CheckpointDepot depot;
    private final CoordinatorSettings settings;
    private final Refusals refusals;
    private final ActorSystem<GatewayMessage.DismissWorkers> system;
    private final Studies studies;
    private @Nullable Membership membership;
    private @Nullable ApiServer server;

    private CoordinatorNode(
            StudyFolderLock lock,
            Journal journal,
            LiveStream live,
            StreamingFit fit,
            CheckpointDepot depot,
            CoordinatorSettings settings,
            Refusals refusals,
            ActorSystem<GatewayMessage.DismissWorkers> system) {
        this.lock = lock;
        this.journal = journal;
        this.live = live;
        this.fit = fit;
        this.depot = depot;
        this.settings = settings;
        this.refusals = refusals;
        this.system = system;
        studies = new Studies(system);
    }

    /**
     * Starts a coordinator with the standard fits and returns when it is a member of its cluster.
     *
     * @throws InvalidSpecException when the study folder is in use, the journal cannot be opened or the port is taken
     */
    public static CoordinatorNode start(CoordinatorSettings settings) {
        return start(settings, new StandardFits());
    }

    /** The same with other fits. */
    public static CoordinatorNode start(CoordinatorSettings settings, FitFunction fits) {
        StudyFolderLock lock = StudyFolderLock.acquire(
                settings.studyFolder(), settings.journal() instanceof JournalSettings.PostgreSql);
        try {
            Journal journal = Journal.of(settings.journal(), settings.studyFolder());
            journal.prepare();
            if (settings.journal() instanceof JournalSettings.PostgreSql shared) {
                Membership.requireOwn(shared, settings.secret());
            }
            LiveStream live = new LiveStream();
            Clock clock = Clock.systemUTC();
            StreamingFit fit = new StreamingFit(fits, live, FIT_PAUSE, clock);
            live.subscribe(fit);
            CompletableFuture<Void> started = new CompletableFuture<>();
            BulkCredentials credentials = settings.credentials();
            CheckpointDepot depot = new CheckpointDepot(settings.host(), credentials, settings.checkpointStore());
            ActorSystem<GatewayMessage.DismissWorkers> system;
            try {
                system = system(
                        settings,
                        journal,
                        Guardian.create(settings, depot.depot(), credentials.refusals(), live, clock, started));
            } catch (RuntimeException e) {
                depot.close();
                throw e;
            }
            CoordinatorNode node =
                    new CoordinatorNode(lock, journal, live, fit, depot, settings, credentials.refusals(), system);
            node.await(started, () -> new IllegalStateException("the coordinator's actors did not start"));
            node.join(settings);
            return node;
        } catch (RuntimeException e) {
            close(lock);
            throw e;
        }
    }

    private static ActorSystem<GatewayMessage.DismissWorkers> system(
            CoordinatorSettings settings, Journal journal, Behavior<GatewayMessage.DismissWorkers> guardian) {
        try {
            return NodeSystem.member(guardian, SYSTEM, NodeConfig.of(settings, journal));
        } catch (RuntimeException e) {
            ListeningAddress address = new ListeningAddress(settings.host(), settings.port());
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw address.taken(String.valueOf(cause.getMessage()));
                }
                if (cause instanceof UnresolvedAddressException) {
                    throw address.unknown();
                }
            }
            throw e;
        }
    }

    private void join(CoordinatorSettings settings) {
        if (settings.journal() instanceof JournalSettings.PostgreSql shared) {
            Membership joining = new Membership(shared, system);
            membership = joining;
            try {
                joining.join(JOIN_TIMEOUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while starting", e);
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        } else {
            Cluster cluster = Cluster.get(system);
            CompletableFuture<Void> up = new CompletableFuture<>();
            cluster.registerOnMemberUp(() -> up.complete(null));
            cluster.join(cluster.selfAddress());
            await(up, () -> new IllegalStateException("the coordinator found no cluster with itself"));
        }
    }

    private void await(CompletableFuture<Void> step, Supplier<RuntimeException> late) {
        try {
            step.get(JOIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            close();
            throw new IllegalStateException("the coordinator did not start", e);
        } catch (TimeoutException e) {
            close();
            throw late.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** The port on which it listens. */
    public int port() {
        return Cluster.get(system).selfAddress().getPort().orElseThrow();
    }

    /** Runs a study; completes when it is in the journal. One that is already known goes on. */
    public CompletionStage<String> submit(StudyPlan plan) {
        return studies.submit(plan);
    }

    /** Whether others may decide about the same studies. */
    public boolean isOneOfSeveral() {
        return membership != null;
    }

    /** Has a study that is known shown once more to those who watch, on all coordinators. */
    public void show(String studyId) {
        studies.show(studyId);
    }

    /** Shows how things stand and then everything that happens, on a thread that the watcher may block. */
    public void subscribe(Consumer<LiveEvent> watcher) {
        live.subscribe(watcher);
    }

    /** Completes when every run of a study is done or parked. */
    public CompletionStage<StudyOutcome> outcome(String studyId) {
        return studies.outcome(studyId);
    }

    /** Completes when every watcher has been shown all that has happened until now, the fits that follow from it included. */
    public CompletionStage<Void> settled() {
        return live.flushed().thenCompose(told -> fit.settled()).thenCompose(fitted -> live.flushed());
    }

    /**
     * Serves API and dashboard from here until the node is closed.
     *
     * @param port 0 for any that is free
     * @throws InvalidSpecException when the port is taken
     * @throws IOException when the study folder cannot be read
     */
    public ApiServer serve(int port) throws IOException {
        ApiServer started = ApiServer.start(
                new HttpSettings(settings.host(), port, settings.studyFolder(), settings.keys(), refusals),
                studies::operate,
                system,
                Clock.systemUTC());
        server = started;
        live.subscribe(started.watcher());
        return started;
    }

    /** Asks all workers that are registered here to end. */
    public void dismissWorkers() {
        system.tell(new GatewayMessage.DismissWorkers());
    }

    /** Completes when the node has stopped, for example because the other coordinators took it for dead. */
    public CompletionStage<Void> whenStopped() {
        return system.getWhenTerminated().thenAccept(done -> {});
    }

    /** Stops the node; workers go on without it. An embedded journal is compacted. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        system.terminate();
        boolean ended = false;
        try {
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
            ended = true;
        } catch (ExecutionException | TimeoutException | CompletionException e) {
            LOG.warn(
                    "the coordinator did not stop in order: {}\n{}",
                    e.toString(),
                    ((ExtendedActorSystem) Adapter.toClassic(system)).printTree());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (membership != null) {
            membership.close();
        }
        depot.close();
        fit.close();
        live.close();
        if (ended) { // else its actors may still write: what is theirs stays theirs until the process ends
            journal.tidy();
            close(lock);
        }
    }

    private static void close(StudyFolderLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the study folder was not released: {}", e.getMessage());
        }
    }
}
