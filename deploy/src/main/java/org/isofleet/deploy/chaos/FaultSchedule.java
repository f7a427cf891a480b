package org.isofleet.deploy.chaos;

import static org.isofleet.protocol.study.Requirement.require;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * When which fault befalls whom: a function of the seed. Times between faults are exponential, as of faults that know nothing of each
 * other. Kinds come in rounds, each kind once a round in an order of its own, so that a short schedule has them all and about equally often.
 *
 * <p>Times count from the first step of the study. Lengths are drawn around the pause of four seconds after which a silent
 * worker is given up, so that some go unnoticed and some do not.
 */
final class FaultSchedule {
    /** Faults closer than this are one fault to whoever has to notice them. */
    private static final Duration SHORTEST_GAP = Duration.ofMillis(250);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(9);

    /** A fault and when it is due. */
    record Entry(Duration at, Fault fault) {}

    private final Random random;
    private final int workers;

    private FaultSchedule(long seed, int workers) {
        this.random = new Random(seed);
        this.workers = workers;
    }

    /**
     * The schedule of a seed.
     *
     * @param failures how many faults
     * @param mtbf mean time between two of them
     * @param workers among whom one is chosen
     */
    static List<Entry> of(long seed, Set<FaultKind> kinds, int failures, Duration mtbf, int workers) {
        require(!kinds.isEmpty(), "--kinds: name at least one kind of fault");
        require(failures >= 0, "--failures: the number of faults is at least 0, not %d", failures);
        require(mtbf.toMillis() > 0, "--mtbf: the mean time between faults is above 0, not %s", mtbf);
        require(workers >= 1, "--local: faults need at least 1 worker, not %d", workers);
        return new FaultSchedule(seed, workers).draw(new TreeSet<>(kinds), failures, mtbf);
    }

    private List<Entry> draw(Set<FaultKind> kinds, int failures, Duration mtbf) {
        List<Entry> entries = new ArrayList<>();
        List<FaultKind> round = new ArrayList<>();
        Duration at = Duration.ZERO;
        for (int i = 0; i < failures; i++) {
            if (round.isEmpty()) {
                round.addAll(kinds);
                Collections.shuffle(round, random);
            }
            double gap = -StrictMath.log(1 - random.nextDouble()) * mtbf.toMillis();
            at = at.plusMillis(Math.max(SHORTEST_GAP.toMillis(), (long) gap));
            entries.add(new Entry(at, fault(round.remove(round.size() - 1))));
        }
        return List.copyOf(entries);
    }

    private Fault fault(FaultKind kind) {
        return switch (kind) {
            case KILL -> new Fault.Kill(worker());
            case HANG -> new Fault.Hang(worker(), length());
            case SLOW -> new Fault.Slow(worker(), length());
            case PARTITION -> new Fault.Partition(worker(), length());
            case FLIP -> new Fault.Flip(worker(), random.nextLong());
            case CORRUPT -> new Fault.Corrupt(random.nextLong());
            case TRUNCATE -> new Fault.Truncate(random.nextLong());
            case DISK -> new Fault.FullDisk(length());
            case COORDINATOR -> new Fault.KillCoordinator(length());
            case EVERYTHING -> new Fault.KillEverything();
        };
    }

    private int worker() {
        return random.nextInt(workers);
    }

    private Duration length() {
        long range = LONGEST.minus(SHORTEST).toMillis();
        return SHORTEST.plusMillis((long) (random.nextDouble() * range));
    }
}
