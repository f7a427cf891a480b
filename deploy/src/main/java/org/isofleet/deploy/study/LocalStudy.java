package org.isofleet.deploy.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorNode;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.coordinator.node.ListeningAddress;
import org.isofleet.deploy.launch.LocalFleet;
import org.isofleet.deploy.launch.LocalLauncher;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.metrics.console.StudyConsole;
import org.isofleet.metrics.live.DiskFull;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.webhook.Webhook;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.node.LocalEngines;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A study with its coordinator in this process and its workers as processes of this machine. Everything that must outlive this process is
 * in the study folder: the same command goes on where a killed one was.
 */
public final class LocalStudy {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStudy.class);
    private static final Duration ORPHANS_END_AFTER = Duration.ofMinutes(10);

    private final StudyPlan plan;
    private final Settings settings;

    /**
     * Where and by whom a study is run.
     *
     * @param folder of the study
     * @param workers processes to start here; 0 when workers come by themselves
     * @param threads compute threads of each
     * @param memoryBytes memory that a run may use in each
     * @param host on which the coordinator listens
     * @param port of the coordinator; 0 for that of the last start, or any
     * @param journal where events are kept; coordinators that share one share the folder too
     * @param profile how patient coordinators are with each other
     * @param keys folder of the nodes' keys; null where all stay on the loopback device
     * @param http port of API and dashboard; null without them
     * @param webhooks told of runs that failed and of the end
     * @param logFormat how lines of the logs are written
     * @param plain whether the console writes lines even to a terminal
     */
    public record Settings(
            Path folder,
            int workers,
            int threads,
            long memoryBytes,
            String host,
            int port,
            JournalSettings journal,
            CoordinatorSettings.NetworkProfile profile,
            @Nullable Path keys,
            @Nullable Integer http,
            List<Webhook> webhooks,
            LogFormat logFormat,
            boolean plain) {
        public Settings {
            webhooks = List.copyOf(webhooks);
            require(workers >= 0, "--local: the number of workers is at least 0, not %d", workers);
            require(threads >= 1, "--threads: a worker has at least 1 compute thread, not %d", threads);
            require(port >= 0 && port <= 65_535, "--port: a port lies in 0 to 65535, not %d", port);
            require(
                    port > 0 || !(journal instanceof JournalSettings.PostgreSql),
                    "--port: give each of the coordinators that share a journal its port, the same at each start, so that workers"
                            + " and the others find it again");
            require(
                    http == null || (http >= 0 && http <= 65_535),
                    "--http: a port lies in 0 to 65535, not %d",
                    http == null ? 0 : http);
            NodeKeys.requireBeyondLoopback(host, keys);
            if (keys != null) {
                NodeKeys.open(keys); // refused before anything is written or started
            }
        }

        /** Each of several coordinators has a log of its own. */
        String log() {
            return journal instanceof JournalSettings.PostgreSql
                    ? "logs/coordinator-%s-%d.log".formatted(host, port)
                    : StudyLog.FILE;
        }
    }

    /** @throws InvalidSpecException when workers here cannot run the engine, or their memory does not suffice for a run */
    public LocalStudy(StudyPlan plan, Settings settings) {
        if (settings.workers() > 0) {
            LocalEngines.requireHere(engine(plan));
            LocalMemory.ofThisMachine()
                    .requireFor(plan, settings.workers(), settings.threads(), settings.memoryBytes());
        }
        this.plan = plan;
        this.settings = settings;
    }

    /**
     * Runs the study to its end and writes its report.
     *
     * @return how it ended
     */
    public StudyView run() throws IOException {
        new ListeningAddress(settings.host(), settings.port()).requireFree();
        if (settings.http() != null) {
            new ListeningAddress(settings.host(), settings.http()).requireFree();
        }
        Files.createDirectories(settings.folder());
        refuseAnotherStudy();
        String secret = ClusterSecret.of(settings.folder());
        try (StudyLog log = StudyLog.open(settings.folder(), settings.log(), settings.logFormat());
                StudyConsole console = StudyConsole.open(settings.plain());
                Workers workers = new Workers(secret)) {
            return run(secret, console, workers);
        }
    }

    /** A full disk ends the coordinator, and with room it comes back; workers train meanwhile. */
    private StudyView run(String secret, StudyConsole console, Workers workers) throws IOException {
        while (true) {
            try (CoordinatorNode coordinator = startCoordinator(secret)) {
                coordinator.subscribe(console);
                serve(coordinator, console);
                workers.dial(coordinator.port());
                if (settings.workers() == 0) {
                    tell(console, invitation(coordinator.port()));
                }
                return run(coordinator);
            } catch (IOException | RuntimeException e) {
                if (workers.launcher == null || !DiskFull.isBehind(e)) {
                    throw e;
                }
                LOG.warn("the coordinator ends for want of room on the disk", e);
            }
            awaitRoom(console);
        }
    }

    private void serve(CoordinatorNode coordinator, StudyConsole console) throws IOException {
        if (settings.http() != null) {
            tell(
                    console,
                    "the dashboard is at %s, opened by a token of %s"
                            .formatted(
                                    coordinator.serve(settings.http()).url(),
                                    settings.folder().resolve("tokens")));
        }
    }

    private void awaitRoom(StudyConsole console) throws IOException {
        tell(
                console,
                "the disk of %s is full: the coordinator is away until %d MiB are free there; workers train on"
                        .formatted(settings.folder(), RoomOnDisk.MEBIBYTES));
        new RoomOnDisk(settings.folder()).await();
        tell(console, "the disk of %s has room again: the coordinator comes back".formatted(settings.folder()));
    }

    private static void tell(StudyConsole console, String text) {
        console.accept(new LiveEvent.Warning(Instant.now(), null, text));
    }

    /** Workers of this machine, which stay while their coordinator goes and comes back. */
    private final class Workers implements AutoCloseable {
        private final String secret;
        private @Nullable LocalLauncher launcher;
        private int dialled;

        Workers(String secret) {
            this.secret = secret;
        }

        /** Has them dial a coordinator; those that dial another port are started anew. */
        void dial(int port) {
            if (launcher == null || port != dialled) {
                close();
                launcher = startWorkers(port, secret);
                dialled = port;
            }
        }

        @Override
        public void close() {
            if (launcher != null) {
                launcher.close();
            }
        }
    }

    /** How workers come that are not started here. */
    private String invitation(int port) {
        return "workers join by: isofleet worker --coordinator %s:%d --secret-file %s%s%s"
                .formatted(
                        settings.host(),
                        port,
                        ClusterSecret.file(settings.folder()),
                        settings.keys() == null ? "" : " --keys " + settings.keys(),
                        engine(plan).equals(EngineChoice.DEFAULT)
                                ? ""
                                : " --engine " + engine(plan).engine() + " --precision "
                                        + engine(plan).precision());
    }

    private StudyView run(CoordinatorNode coordinator) throws IOException {
        CompletableFuture<Object> end = new CompletableFuture<>();
        try (ResultsKeeper results = ResultsKeeper.open(
                settings.folder(), coordinator, plan.studyId(), settings.webhooks(), end::completeExceptionally)) {
            coordinator.submit(plan).thenCompose(coordinator::outcome).whenComplete((outcome, failure) -> {
                if (failure == null) {
                    end.complete(outcome);
                } else {
                    end.completeExceptionally(failure);
                }
            });
            end.join();
            return StudyEnd.await(settings.folder(), coordinator, plan.studyId(), results);
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unwritable) {
                throw unwritable;
            }
            throw new IOException("the study was stopped: " + e.getCause(), e);
        }
    }

    void refuseAnotherStudy() throws IOException {
        StudyPlan there =
                StudyFolder.find(settings.folder()).flatMap(StudyView::plan).orElse(plan);
        if (!there.studyId().equals(plan.studyId())) {
            throw new InvalidSpecException(
                    "%s holds another study (%s, %s), and this is %s: give another folder with --out"
                            .formatted(settings.folder(), there.name(), there.studyId(), plan.studyId()));
        }
    }

    private CoordinatorNode startCoordinator(String secret) throws IOException {
        return CoordinatorStart.of(new CoordinatorSettings(
                settings.host(),
                settings.port(),
                settings.folder(),
                settings.journal(),
                secret,
                settings.journal() instanceof JournalSettings.PostgreSql
                        ? settings.profile()
                        : CoordinatorSettings.NetworkProfile.LAN, // alone it waits for nobody
                settings.keys()));
    }

    private LocalLauncher startWorkers(int port, String secret) {
        return LocalLauncher.start(new LocalFleet(
                settings.workers(),
                settings.folder(),
                List.of(settings.host() + ":" + port),
                secret,
                settings.threads(),
                settings.memoryBytes(),
                ORPHANS_END_AFTER,
                settings.keys(),
                engine(plan),
                settings.logFormat()));
    }

    /** A study names one. */
    private static EngineChoice engine(StudyPlan plan) {
        return EngineChoice.of(plan.runs().get(0).spec());
    }
}
