package org.isofleet.deploy.bench;

import static org.isofleet.deploy.bench.BenchAnswer.median;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two workers of one thread each against one alone, by turns, on the same run: what data-parallel training brings here. A last
 * turn has both train runs of their own at the same time, without exchange: what two cores of this machine can bring at most, since they share
 * caches, memory and clock. One alone is the mean of either, for cores need not be equally fast; times are medians over the steps of a turn, for
 * what interrupts one member interrupts the group, and a benchmark is not to tell what else the machine did.
 */
final class WorkersBenchmark {
    private static final TrainShape SHAPE = TrainShape.named("M");

    /** Few, so that the turns of a round meet the same machine, whose cores at times differ by a quarter for seconds. */
    private static final int STEPS = 40;

    /** Turns before the first that counts: until then the compiler works beside. */
    private static final int WARM_UP_TURNS = 9;

    private final int rounds;

    WorkersBenchmark(int rounds) {
        this.rounds = rounds;
    }

    BenchAnswer run() throws IOException {
        try (BenchGroup workers = new BenchGroup(SHAPE, 2)) {
            for (int i = 0; i < WARM_UP_TURNS; i++) {
                workers.apart(STEPS);
                workers.together(STEPS, STEPS);
            }
            List<Double> ratios = new ArrayList<>();
            List<Double> shares = new ArrayList<>();
            List<Double> alone = new ArrayList<>();
            List<Double> together = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                double two = workers.together(STEPS, STEPS).median();
                double one = (workers.alone(0, STEPS).median()
                                + workers.alone(1, STEPS).median())
                        / 2;
                double apart = workers.apart(STEPS).median();
                alone.add(1e3 * one);
                together.add(1e3 * two);
                ratios.add(one / two);
                shares.add(apart / 2 / two);
            }
            BenchAnswer.Case row = new BenchAnswer.Case(
                    SHAPE.name() + " x 2 workers",
                    BenchAnswer.Ratio.of(ratios),
                    median(together),
                    median(alone),
                    "ms/step",
                    "one worker of one thread; ceiling: two workers with a run each",
                    median(shares),
                    null,
                    null,
                    null);
            return new BenchAnswer("bench/1", "workers", List.of(row), Machine.describe(), Map.of("ours", "dl4j"));
        }
    }
}
