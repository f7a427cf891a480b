package org.isofleet.deploy.bench;

import static org.isofleet.deploy.bench.BenchAnswer.median;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.isofleet.protocol.study.EngineChoice;

/**
 * Training steps of ours and of the eager peer, each in its own process, by turns. A round times a few steps of one and then of
 * the other, so that what else the machine does meets both; the answer is the median of the rounds' ratios.
 */
final class TrainBenchmark {
    private static final int MEMORY_STEPS = 1_000;
    private static final double MEMORY_SECONDS = 120;
    private static final double WARM_UP_SECONDS = 6;
    private static final double ROUND_SECONDS = 1.0;

    private final PeerLibraries peer;
    private final EngineChoice engine;
    private final int threads;
    private final int rounds;
    private final Consumer<String> progress;

    TrainBenchmark(PeerLibraries peer, EngineChoice engine, int threads, int rounds, Consumer<String> progress) {
        this.peer = peer;
        this.engine = engine;
        this.threads = threads;
        this.rounds = rounds;
        this.progress = progress;
    }

    BenchAnswer run(List<TrainShape> shapes) throws IOException {
        double ceiling = ceilingFlopsPerSecond();
        List<BenchAnswer.Case> cases = new ArrayList<>();
        Map<String, String> versions = new LinkedHashMap<>();
        for (TrainShape shape : shapes) {
            progress.accept("bench train " + shape.name() + " ...");
            List<String> arguments =
                    List.of(shape.name(), Integer.toString(threads), engine.engine(), engine.precision());
            try (SteppedProcess ours = new SteppedProcess(OwnProcess.command(OurStepper.class, arguments), 1);
                    SteppedProcess theirs =
                            new SteppedProcess(peer.command(EagerReference.class, arguments), threads)) {
                versions.put("ours", ours.name());
                versions.put("theirs", theirs.name());
                cases.add(compare(shape, ours, theirs, ceiling));
            }
        }
        Map<String, String> machine = Machine.describe();
        machine.put("ceiling_gflops", Long.toString(Math.round(ceiling / 1e9)));
        return new BenchAnswer("bench/1", "train", cases, machine, versions);
    }

    private BenchAnswer.Case compare(TrainShape shape, SteppedProcess ours, SteppedProcess theirs, double ceiling)
            throws IOException {
        int ourSteps = warmUp(ours);
        int theirSteps = warmUp(theirs);
        List<Double> ratios = new ArrayList<>();
        List<Double> ourTimes = new ArrayList<>();
        List<Double> theirTimes = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double our = median(ours.steps(ourSteps));
            double their = median(theirs.steps(theirSteps));
            ourTimes.add(our);
            theirTimes.add(their);
            ratios.add(their / our);
        }
        double our = median(ourTimes);
        int memorySteps = (int) Math.min(MEMORY_STEPS, MEMORY_SECONDS / our);
        long before = ours.residentBytes();
        ours.steps(memorySteps);
        long after = ours.residentBytes();
        double flops = shape.model().exactFlopsPerToken() * shape.tokensPerStep();
        return new BenchAnswer.Case(
                shape.name(),
                BenchAnswer.Ratio.of(ratios),
                1e3 * our,
                1e3 * median(theirTimes),
                "ms/step",
                theirs.name(),
                flops / our / ceiling,
                after,
                after - before,
                memorySteps);
    }

    /** Runs until compilers have settled; returns how many steps fill a round. */
    private static int warmUp(SteppedProcess process) throws IOException {
        double spent = 0;
        double last = 1;
        int steps = 2;
        while (spent < WARM_UP_SECONDS) {
            List<Double> seconds = process.steps(steps);
            spent += seconds.stream().mapToDouble(s -> s).sum();
            last = median(seconds);
            steps = Math.min(1000, steps * 2);
        }
        return Math.max(3, (int) (ROUND_SECONDS / last));
    }

    private double ceilingFlopsPerSecond() throws IOException {
        List<String> command = OwnProcess.command(GemmCeiling.class, List.of(Integer.toString(threads)));
        try (SteppedProcess gemm = new SteppedProcess(command, 1)) {
            double best = gemm.steps(10).stream().mapToDouble(s -> s).min().orElseThrow();
            return GemmCeiling.flops(threads) / best;
        }
    }
}
