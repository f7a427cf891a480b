package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.isofleet.deploy.study.StudyPlans;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;

/**
 * A study that is run twice by the same fleet: left alone, then under faults. Both times its coordinator and its workers are processes of
 * their own, on the same kind of disk and network.
 */
public final class ChaosStudy {
    private static final long WORKER_MEMORY_BYTES = 4L << 30;

    private final StudyPlan plan;
    private final Settings settings;
    private final Consumer<String> teller;

    /**
     * What is done to whom.
     *
     * @param study as it was named on the command line
     * @param out folder of both studies, their logs and traces; must not be there yet, or be empty
     * @param workers processes besides the coordinator
     * @param kinds of faults
     * @param mtbf mean time between two faults
     * @param failures how many
     * @param seed of the schedule
     */
    public record Settings(
            String study, Path out, int workers, Set<FaultKind> kinds, Duration mtbf, int failures, long seed) {
        public Settings {
            kinds = Set.copyOf(kinds);
            var unused = FaultSchedule.of(seed, kinds, failures, mtbf, workers); // says what is wrong with them
        }
    }

    /**
     * Plans the study.
     *
     * @param teller hears line by line what happens
     * @throws InvalidSpecException when there is no such study, or the folder is taken
     */
    public ChaosStudy(Settings settings, Consumer<String> teller) throws IOException {
        this.plan = StudyPlans.onLocalImages(StudySource.open(settings.study()));
        this.settings = settings;
        this.teller = teller;
        if (Files.exists(settings.out())) {
            try (var content = Files.list(settings.out())) {
                if (content.findAny().isPresent()) {
                    throw new InvalidSpecException(settings.out()
                            + " is not empty, and chaos begins at the beginning: name another with --out");
                }
            }
        }
    }

    /** Runs both. */
    public ChaosAnswer run() throws IOException, InterruptedException {
        Files.createDirectories(settings.out());
        teller.accept("quiet: " + plan.runs().size() + " runs on " + settings.workers() + " workers");
        Phase quiet = phase("quiet", settings.kinds(), 0);
        Set<FaultKind> possible = new TreeSet<>(settings.kinds());
        possible.removeAll(quiet.leftOut().keySet());
        if (possible.isEmpty()) {
            throw new InvalidSpecException(
                    "--kinds: " + quiet.leftOut().values().iterator().next());
        }
        teller.accept("faulted: " + settings.failures() + " faults, one in "
                + settings.mtbf().toMillis() / 1000.0 + " s on average");
        Phase faulted = phase("faults", possible, settings.failures());
        return ChaosAnswer.of(
                plan, settings.seed(), settings.failures(), quiet.leftOut(), quiet.outcome(), faulted.outcome());
    }

    private record Phase(WatchedStudy.Outcome outcome, Map<FaultKind, String> leftOut) {}

    private Phase phase(String name, Set<FaultKind> kinds, int failures) throws IOException, InterruptedException {
        Path folder = settings.out().resolve(name);
        List<FaultSchedule.Entry> schedule =
                FaultSchedule.of(settings.seed(), kinds, failures, settings.mtbf(), settings.workers());
        try (Surroundings surroundings = Surroundings.open(folder, kinds, settings.workers());
                Fleet fleet = Fleet.start(new Fleet.Place(
                        settings.study(),
                        folder,
                        settings.out().resolve(name + ".watched"),
                        settings.workers(),
                        WORKER_MEMORY_BYTES,
                        surroundings.network(),
                        EngineChoice.of(plan.runs().get(0).spec())))) {
            Thread atExit = new Thread(
                    () -> {
                        fleet.close();
                        surroundings.close();
                    },
                    "chaos-exit");
            Runtime.getRuntime().addShutdownHook(atExit);
            try {
                return new Phase(WatchedStudy.run(plan, fleet, surroundings, schedule, teller), surroundings.leftOut());
            } finally {
                Runtime.getRuntime().removeShutdownHook(atExit);
            }
        }
    }
}
