package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.protocol.study.EngineChoice;

/**
 * Kills the workers of one run, one at a time: the next only when the one before is back, has joined, and the whole group has made a step. So
 * each kill meets a group that is well, and its time says how fast a single death is got over.
 *
 * <p>Each worker is killed twice in a row. Members before newcomers: the first kill meets it as the member that leads and writes
 * checkpoints, the second as the last one.
 */
public final class RecoveryDrill {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long MEMORY_BYTES = 1L << 30;

    /** A group that has just become whole is left alone for this long, and for up to a second more, so that no clock's tick is favoured. */
    private static final long CALM_MILLIS = 500;

    private static final int DRAWN_CALM_MILLIS = 1_000;

    /** One run that does not end before the last kill. */
    private static final String STUDY = """
            name = recovery
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [1e14]
            models = ["2x12"]
            batch = 2
            optimizer { learning-rate = 0.01, beta2 = 0.99 }
            limits { max-epochs = 1e9 }
            checkpoint-every = 5000
            evaluation { kinds = [held-out-loss], held-out-images = 64 }
            """;

    private final Fleet fleet;
    private final TraceFolder folder;
    private final Map<String, Long> stepsOfRuns;
    private final Random random;
    private final Consumer<String> teller;

    /**
     * What is done.
     *
     * @param folder for study, logs and traces; empty
     * @param workers of the run
     * @param kills how many
     * @param seed of the pauses between a recovery and the next kill
     */
    public record Settings(Path folder, int workers, int kills, long seed) {}

    /**
     * A death and what followed.
     *
     * @param worker that was killed, counted from 0
     * @param seconds to the next step of its run
     * @param wholeSeconds to the first step that the worker, started again, has made with the others
     * @param joinSeconds the longest time that the run stood in between, which is when that worker joined
     * @param phases of {@code seconds}
     */
    public record Kill(
            int worker,
            double seconds,
            @JsonProperty("whole_seconds") double wholeSeconds,
            @JsonProperty("join_seconds") double joinSeconds,
            RecoveryPhases phases) {}

    private RecoveryDrill(Fleet fleet, Path traces, Map<String, Long> stepsOfRuns, long seed, Consumer<String> teller) {
        this.fleet = fleet;
        this.folder = new TraceFolder(traces);
        this.stepsOfRuns = stepsOfRuns;
        this.random = new Random(seed);
        this.teller = teller;
    }

    /**
     * Runs all kills.
     *
     * @param teller hears of each
     * @throws IOException when a group does not become whole any more; the message names the logs
     */
    public static List<Kill> run(Settings settings, Consumer<String> teller) throws IOException, InterruptedException {
        Path study = Files.writeString(settings.folder().resolve("recovery.conf"), STUDY);
        Path watched = settings.folder().resolve("watched");
        Map<String, Long> steps = WatchedStudy.steps(StudyPlans.onLocalImages(StudySource.open(study.toString())));
        try (Fleet fleet = Fleet.start(new Fleet.Place(
                study.toString(),
                settings.folder().resolve("study"),
                watched,
                settings.workers(),
                MEMORY_BYTES,
                Network.LOOPBACK,
                EngineChoice.DEFAULT))) {
            Thread atExit = new Thread(fleet::close, "drill-exit");
            Runtime.getRuntime().addShutdownHook(atExit);
            try {
                return new RecoveryDrill(fleet, watched, steps, settings.seed(), teller).kills(settings.kills());
            } finally {
                Runtime.getRuntime().removeShutdownHook(atExit);
            }
        }
    }

    private List<Kill> kills(int count) throws IOException, InterruptedException {
        List<Kill> kills = new ArrayList<>();
        awaitWhole(0);
        while (kills.size() < count) {
            Thread.sleep(CALM_MILLIS + random.nextInt(DRAWN_CALM_MILLIS));
            awaitWhole(0);
            kill(kills.size() / 2 % fleet.workers().size()).ifPresent(kill -> {
                kills.add(kill);
                teller.accept("kill %d of w%d: %s".formatted(kills.size(), kill.worker() + 1, kill));
            });
        }
        return kills;
    }

    /** Kills a worker and waits until all is well again; empty when there was no run that could go on. */
    private Optional<Kill> kill(int worker) throws IOException {
        long at = System.currentTimeMillis();
        if (!fleet.worker(worker).kill(Duration.ZERO)) {
            return Optional.empty();
        }
        long whole = awaitWhole(at);
        List<Trace> traces = folder.read();
        Recovery recovery = new Recovery(stepsOfRuns, traces);
        return recovery.affected(new Injected(at, new Fault.Kill(worker))).stream()
                .findFirst()
                .flatMap(run -> recovery.next(run, at))
                .map(step -> new Kill(
                        worker,
                        (step.atMillis() - at) * 1e-3,
                        (whole - at) * 1e-3,
                        StepGaps.longestSeconds(traces, step.run(), step.atMillis(), whole),
                        RecoveryPhases.of(traces, at, step)));
    }

    /** Waits until all workers train in one group; since when, if that is after {@code since}. */
    private long awaitWhole(long since) throws IOException {
        long begin = System.nanoTime();
        OptionalLong whole = OptionalLong.empty();
        while (whole.isEmpty()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (fleet.answer().isPresent()) {
                throw new IOException("the run ended before the last kill");
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException("the group is not whole after %d s; logs are in %s"
                        .formatted(PATIENCE.toSeconds(), fleet.place().watched()));
            }
            whole = WholeGroup.since(folder.read(), fleet.workers().size(), since);
        }
        return whole.getAsLong();
    }
}
