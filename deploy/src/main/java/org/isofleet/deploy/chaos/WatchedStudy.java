package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.data.PackedImageSets;

/** One run of a study from its start to its end, with the faults of a schedule, or none. */
final class WatchedStudy {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** How long a fault waits for a victim before the next one is tried. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Fleet fleet;
    private final Surroundings surroundings;
    private final TraceFolder folder;
    private final Consumer<String> teller;
    private final Map<String, Long> steps;
    private final FleetMemory memory = new FleetMemory(System::nanoTime);
    private final List<Injected> injected = new ArrayList<>();

    private List<Trace> traces = List.of();
    private long lastSize = -1;
    private long changedNanos = System.nanoTime();

    /**
     * What became of it.
     *
     * @param seconds from the start of its processes to its end
     * @param injected the faults that befell it
     * @param traces what its workers told
     * @param gradients shard gradients that they computed
     * @param memory of its processes
     */
    record Outcome(
            StudyResult result,
            double seconds,
            List<Injected> injected,
            List<Trace> traces,
            long gradients,
            List<ChaosAnswer.Memory> memory) {}

    private WatchedStudy(StudyPlan plan, Fleet fleet, Surroundings surroundings, Consumer<String> teller) {
        this.fleet = fleet;
        this.surroundings = surroundings;
        this.folder = new TraceFolder(fleet.place().watched());
        this.teller = teller;
        this.steps = steps(plan);
    }

    static Map<String, Long> steps(StudyPlan plan) {
        return plan.runs().stream()
                .collect(Collectors.toMap(
                        run -> run.spec().id().value(), run -> run.spec().steps()));
    }

    /**
     * Runs a study to its end, which ends its fleet.
     *
     * @param teller hears of faults as they happen
     * @throws IOException when it comes to no end; the message names the logs
     */
    static Outcome run(
            StudyPlan plan,
            Fleet fleet,
            Surroundings surroundings,
            List<FaultSchedule.Entry> schedule,
            Consumer<String> teller)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        WatchedStudy study = new WatchedStudy(plan, fleet, surroundings, teller);
        JsonNode answer = study.runToEnd(schedule);
        double seconds = (System.nanoTime() - begin) * 1e-9;
        fleet.close();
        return new Outcome(
                StudyResult.read(plan, answer, fleet.place().folder(), PackedImageSets.inUserCache()),
                seconds,
                study.injected,
                study.folder.read(),
                study.folder.gradients(),
                study.memory.rows());
    }

    private JsonNode runToEnd(List<FaultSchedule.Entry> schedule) throws IOException, InterruptedException {
        CheckpointDamage checkpoints =
                new CheckpointDamage(fleet.place().folder().resolve("checkpoints"), steps);
        try (Injector injector = new Injector(fleet, surroundings, checkpoints)) {
            Optional<JsonNode> end = look();
            while (end.isEmpty() && !hasStepped()) {
                end = look();
            }
            long begin = System.nanoTime();
            for (FaultSchedule.Entry entry : schedule) {
                long due = begin + entry.at().toNanos();
                while (end.isEmpty() && System.nanoTime() < due) {
                    end = look();
                }
                if (end.isEmpty()) {
                    end = befall(injector, entry.fault());
                    begin += System.nanoTime() - due; // who had to wait makes the others wait too, so that gaps stay
                }
            }
            while (end.isEmpty()) {
                end = look();
            }
            return end.get();
        }
    }

    /** Tries a fault until it can be; the end of the study, if that comes first. */
    private Optional<JsonNode> befall(Injector injector, Fault fault) throws IOException, InterruptedException {
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        boolean done = false;
        Optional<JsonNode> end = Optional.empty();
        while (!done && end.isEmpty() && System.nanoTime() < until) {
            done = injector.inject(fault, traces);
            if (!done) {
                end = look();
            }
        }
        long atMillis = System.currentTimeMillis();
        if (done && fault instanceof Fault.Flip flip) {
            Optional<Sight> flipped = Optional.empty();
            while (flipped.isEmpty() && end.isEmpty() && System.nanoTime() < until) {
                end = look();
                flipped = flip(flip.worker(), atMillis);
            }
            injector.withdraw(flip);
            done = flipped.isPresent();
            atMillis = flipped.map(Sight::atMillis).orElse(atMillis);
        }
        if (done) {
            injected.add(new Injected(atMillis, fault));
        }
        if (end.isEmpty()) {
            teller.accept("%s  %s%s"
                    .formatted(Instant.ofEpochMilli(atMillis), fault, done ? "" : ": there was nothing to befall"));
        }
        return end;
    }

    private Optional<Sight> flip(int worker, long since) {
        return traces.stream()
                .filter(trace -> trace.worker() == worker)
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.kind() == Sight.Kind.FLIP && sight.atMillis() >= since)
                .findFirst();
    }

    private boolean hasStepped() {
        return traces.stream().flatMap(trace -> trace.sights().stream()).anyMatch(sight -> sight.step() > 0);
    }

    /** Waits a moment; the answer of the study, once it has ended. */
    private Optional<JsonNode> look() throws IOException {
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
        traces = folder.read();
        memory.look(fleet);
        Optional<JsonNode> answer = fleet.answer();
        if (answer.isEmpty()) {
            requireSound();
        }
        return answer;
    }

    /** A study that does nothing any more is not waited for; nor is one that ends by itself before any fault. */
    private void requireSound() throws IOException {
        long size = traces.stream().mapToLong(trace -> trace.sights().size()).sum() + events();
        if (size != lastSize) {
            lastSize = size;
            changedNanos = System.nanoTime();
        } else if (System.nanoTime() - changedNanos > PATIENCE.toNanos()) {
            throw new IOException("no step and no event for %d s; logs are in %s"
                    .formatted(PATIENCE.toSeconds(), fleet.place().watched()));
        }
        if (injected.isEmpty() && fleet.coordinator().hasEndedByItself()) {
            throw new InvalidSpecException("the coordinator ended before any fault: " + fleet.lastWords());
        }
    }

    private long events() throws IOException {
        Path events = fleet.place().folder().resolve("events.jsonl");
        return Files.exists(events) ? Files.size(events) : 0;
    }
}
