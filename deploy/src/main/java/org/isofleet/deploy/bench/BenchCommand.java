package org.isofleet.deploy.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.worker.node.LocalEngines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet bench}: paired benchmarks. */
@Command(
        name = "bench",
        description = "Runs a benchmark, paired in one run with what it is compared to.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    /** The benchmarks. */
    enum Name {
        /** A training step of ours against an eager LibTorch model. */
        TRAIN,
        /** Two workers of one thread against one. */
        WORKERS,
        /** The next step after a worker's death against the first with all workers. */
        RECOVERY
    }

    @Parameters(index = "0", paramLabel = "NAME", description = "train, workers or recovery.")
    private Name name = Name.TRAIN;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--rounds", paramLabel = "N", description = "Interleaved rounds (default ${DEFAULT-VALUE}).")
    private int rounds = 9;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of each side (default: all cores).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--shapes", split = ",", paramLabel = "SHAPE", description = "Of train: XS,S,M,L (default all).")
    private List<String> shapes = new ArrayList<>(List.of("XS", "S", "M", "L"));

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "Of train: what our side computes with, dl4j or torch (default ${DEFAULT-VALUE}).")
    private String engine = EngineChoice.DEFAULT.engine();

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description = "Of train: of our side's products, fp32 or bf16; the other side's are in fp32 (default"
                    + " ${DEFAULT-VALUE}).")
    private String precision = EngineChoice.DEFAULT.precision();

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "Of recovery: workers killed, one at a time (default ${DEFAULT-VALUE}).")
    private int kills = 50;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        BenchAnswer answer = switch (name) {
            case TRAIN -> {
                List<TrainShape> asked = shapes.stream().map(TrainShape::named).toList();
                EngineChoice choice = EngineChoice.of(engine, precision);
                LocalEngines.requireHere(choice);
                Path home = Path.of(System.getProperty("isofleet.home", "."));
                yield new TrainBenchmark(PeerLibraries.open(home), choice, threads, rounds, err::println).run(asked);
            }
            case WORKERS -> new WorkersBenchmark(rounds).run();
            case RECOVERY -> new RecoveryBenchmark(kills, err::println).run();
        };
        if (json) {
            out.println(LiveJson.mapper().writeValueAsString(answer));
        } else {
            table(answer, out);
        }
        out.flush();
        return 0;
    }

    private static void table(BenchAnswer answer, PrintWriter out) {
        for (BenchAnswer.Case row : answer.cases()) {
            out.printf(
                    "%-12s %.2f times as fast (%.2f to %.2f): %.3g against %.3g %s, %s%n",
                    row.name(),
                    row.ratio().median(),
                    row.ratio().low(),
                    row.ratio().high(),
                    row.ours(),
                    row.theirs(),
                    row.unit(),
                    row.against());
        }
        if (answer.recovery() != null) {
            answer.recovery().lines().forEach(out::println);
        }
        out.println(answer.machine() + " " + answer.versions());
    }
}
