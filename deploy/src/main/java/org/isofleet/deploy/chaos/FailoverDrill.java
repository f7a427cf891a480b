package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.isofleet.coordinator.journal.Journal;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.membership.Membership;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * Kills one of two coordinators at a time, always the one that has been a member for longer, on which the singletons live: placement and the
 * coordinator of shards. Before that a worker is stopped until its run, which has no other, waits; with the death it goes on, registers,
 * and waits until placement gives it to the run again. So the time is that of the failover, and not that of a process that starts.
 *
 * <p>Another worker trains another run meanwhile, which must not notice. The killed coordinator stays away until the waiting run has made a
 * step: started again at once on its port, it would tell the other that its former life is over, which no dead machine does.
 */
public final class FailoverDrill {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration KEPT_AFTER = Duration.ofSeconds(40);
    private static final long MEMORY_BYTES = 1L << 30;
    private static final int STEADY = 0;
    private static final int STRUCK = 1;

    /** All is left alone for this long before a kill, and for up to a second more, so that no clock's tick is favoured. */
    private static final long CALM_MILLIS = 1_000;

    private static final int DRAWN_CALM_MILLIS = 1_000;

    /** Two runs that do not end before the last kill: one for each worker. */
    private static final String STUDY = """
            name = failover
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [1e14]
            models = ["2x10", "2x12"]
            batch = 2
            optimizer { learning-rate = 0.01, beta2 = 0.99 }
            limits { max-epochs = 1e9 }
            checkpoint-every = 5000
            evaluation { kinds = [held-out-loss], held-out-images = 64 }
            workers { per-run = 1 }
            """;

    private final Settings settings;
    private final SharedFleet fleet;
    private final TraceFolder folder;
    private final Map<String, Long> stepsOfRuns;
    private final Random random;
    private final Consumer<String> teller;

    /** Numbers of the coordinators, the longest a member first. */
    private final List<Integer> byAge = new ArrayList<>();

    /**
     * What is done.
     *
     * @param folder for study, logs and traces; empty
     * @param journal a database or schema without tables
     * @param kills how many
     * @param seed of the pauses before the kills
     */
    public record Settings(
            Path folder, JournalSettings.PostgreSql journal, NetworkProfile profile, int kills, long seed) {}

    /**
     * A coordinator's death and what followed.
     *
     * @param coordinator that was killed, counted from 0
     * @param seconds to the first step of the waiting run in its next generation; null, and absent in JSON, when there was none to wait for, because the
     *     coordinator that took the run over had heard of its worker in time, and its generation went on
     * @param longestGapSeconds between two steps of the other run, until two coordinators were there again
     */
    public record Kill(
            int coordinator,
            @Nullable Double seconds,
            @JsonProperty("longest_gap_seconds") double longestGapSeconds) {
        /** Whether the run had to be placed. */
        boolean isPlaced() {
            return seconds != null;
        }
    }

    private FailoverDrill(
            Settings settings, SharedFleet fleet, Path traces, Map<String, Long> stepsOfRuns, Consumer<String> teller) {
        this.settings = settings;
        this.fleet = fleet;
        this.folder = new TraceFolder(traces);
        this.stepsOfRuns = stepsOfRuns;
        this.random = new Random(settings.seed());
        this.teller = teller;
    }

    /**
     * Runs all kills.
     *
     * @param teller hears of each
     * @throws IOException when something does not come back any more; the message names the logs
     */
    public static List<Kill> run(Settings settings, Consumer<String> teller) throws IOException, InterruptedException {
        Path study = Files.writeString(settings.folder().resolve("failover.conf"), STUDY);
        Path watched = settings.folder().resolve("watched");
        Map<String, Long> steps = WatchedStudy.steps(StudyPlans.onLocalImages(StudySource.open(study.toString())));
        SharedFleet.Place place = new SharedFleet.Place(
                study,
                settings.folder().resolve("study"),
                watched,
                settings.journal(),
                settings.profile(),
                2,
                2,
                MEMORY_BYTES);
        Journal.of(settings.journal(), place.folder()).prepare(); // members are looked for before there is any
        try (SharedFleet fleet = new SharedFleet(place)) {
            Thread atExit = new Thread(fleet::close, "drill-exit");
            Runtime.getRuntime().addShutdownHook(atExit);
            try {
                return new FailoverDrill(settings, fleet, watched, steps, teller).kills();
            } finally {
                Runtime.getRuntime().removeShutdownHook(atExit);
            }
        }
    }

    private List<Kill> kills() throws IOException, InterruptedException {
        join(0, Set.of());
        fleet.startWorkers();
        join(1, Set.of());
        List<Kill> kills = new ArrayList<>();
        while (kills.stream().filter(Kill::isPlaced).count() < settings.kills()) {
            await(
                    "the runs do not train",
                    () -> runOf(STEADY).isPresent()
                            && runOf(STRUCK).isPresent()
                            && !runOf(STEADY).equals(runOf(STRUCK)));
            Thread.sleep(CALM_MILLIS + random.nextInt(DRAWN_CALM_MILLIS));
            Kill kill = kill();
            kills.add(kill);
            teller.accept("kill %d: %s".formatted(kills.size(), kill));
        }
        return kills;
    }

    private Kill kill() throws IOException, InterruptedException {
        Set<String> before = members();
        String steady = runOf(STEADY).orElseThrow(() -> new IOException("no run trains" + logs()));
        String struck = runOf(STRUCK).orElseThrow(() -> new IOException("no second run trains" + logs()));
        fleet.worker(STRUCK).signal("STOP");
        await("the run of the stopped worker does not wait", () -> isWaiting(struck));
        long generation = NextGeneration.newest(folder.read(), struck);
        int coordinator = byAge.remove(0);
        long at = System.currentTimeMillis();
        fleet.coordinator(coordinator).killAndHold();
        fleet.worker(STRUCK).signal("CONT");
        await(
                "the waiting run does not go on",
                () -> placed(struck, generation).isPresent() || isKept(struck, generation, at));
        Double seconds = placed(struck, generation)
                .map(step -> (step.atMillis() - at) * 1e-3)
                .orElse(null);
        join(coordinator, before);
        return new Kill(
                coordinator, seconds, StepGaps.longestSeconds(folder.read(), steady, at, System.currentTimeMillis()));
    }

    private Optional<Sight> placed(String run, long after) throws IOException {
        return NextGeneration.firstStep(folder.read(), run, after);
    }

    private boolean isWaiting(String run) throws IOException {
        return shown(run)
                .filter(view -> view.state() == LiveEvent.RunState.WAITING)
                .isPresent();
    }

    /** Whether a run is told of as training in the generation of before, for longer than a coordinator waits for a group that it takes over. */
    private boolean isKept(String run, long generation, long killedAt) throws IOException {
        return System.currentTimeMillis() - killedAt > KEPT_AFTER.toMillis()
                && shown(run)
                        .filter(view -> view.state() == LiveEvent.RunState.TRAINING
                                && view.trace().generation() == generation
                                && view.trace().since().toEpochMilli() > killedAt)
                        .isPresent();
    }

    private Optional<RunView> shown(String run) throws IOException {
        return StudyFolder.find(settings.folder().resolve("study")).flatMap(study -> study.run(new RunId(run)));
    }

    /** Starts a coordinator and waits until it is a member in a life that was not there before. */
    private void join(int coordinator, Set<String> before) throws IOException {
        fleet.coordinator(coordinator).start();
        byAge.add(coordinator);
        await(
                "coordinator %d does not join".formatted(coordinator),
                () -> members().stream()
                        .anyMatch(life -> !before.contains(life) && life.contains(fleet.address(coordinator) + "#")));
    }

    private Set<String> members() throws IOException {
        try {
            return Set.copyOf(Membership.members(settings.journal()));
        } catch (SQLException e) {
            throw new IOException("the journal's database does not tell who is a coordinator", e);
        }
    }

    /** The run that a worker trains now. */
    private Optional<String> runOf(int worker) throws IOException {
        Injected now = new Injected(System.currentTimeMillis(), new Fault.Kill(worker));
        return new Recovery(stepsOfRuns, folder.read()).affected(now).stream().findFirst();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String failure, Condition condition) throws IOException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException(failure + " after " + PATIENCE.toSeconds() + " s" + logs());
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private String logs() {
        return "; logs are in " + settings.folder();
    }
}
