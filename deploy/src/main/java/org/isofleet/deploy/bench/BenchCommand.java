package org.isofleet.deploy.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.isofleet.deploy.study.JournalChoice;
import org.isofleet.metrics.live.LiveJson;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.node.LocalEngines;
import org.jspecify.annotations.Nullable;
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
        /** Two workers with checkpoints against the same without. */
        CHECKPOINTS,
        /** The next step after a death: of a worker against the first with all workers, or of a coordinator. */
        RECOVERY
    }

    /** Who is killed. */
    enum Victim {
        WORKER,
        COORDINATOR
    }

    @Parameters(index = "0", paramLabel = "NAME", description = "train, workers, checkpoints or recovery.")
    private Name name = Name.TRAIN;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--rounds", paramLabel = "N", description = "Interleaved rounds (default ${DEFAULT-VALUE}).")
    private int rounds = 9;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of each side (default: all cores).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--shapes",
            split = ",",
            paramLabel = "SHAPE",
            description = "Of train and checkpoints: XS,S,M,L (default all).")
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
            description = "Of recovery: how many are killed, one at a time (default: 50 workers or 10 coordinators).")
    private @Nullable Integer kills;

    @Option(
            names = "--of",
            paramLabel = "worker|coordinator",
            description = "Of recovery: who is killed (default ${DEFAULT-VALUE}).")
    private Victim victim = Victim.WORKER;

    @Option(
            names = "--journal",
            paramLabel = "URL",
            description =
                    "Of recovery --of coordinator: jdbc:postgresql://HOST/DATABASE?user=NAME, in which a schema is made for"
                            + " the while; the password comes from ISOFLEET_JOURNAL_PASSWORD or ~/.pgpass.")
    private @Nullable String journal;

    @Option(
            names = "--network",
            paramLabel = "lan|default",
            description =
                    "Of recovery --of coordinator: how soon a coordinator is taken for dead (default ${DEFAULT-VALUE}).")
    private NetworkProfile profile = NetworkProfile.LAN;

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
            case CHECKPOINTS ->
                new CheckpointsBenchmark(rounds, err::println)
                        .run(shapes.stream().map(TrainShape::named).toList());
            case RECOVERY ->
                victim == Victim.WORKER
                        ? new RecoveryBenchmark(kills == null ? 50 : kills, err::println).run()
                        : new FailoverBenchmark(journal(), profile, kills == null ? 10 : kills, err::println).run();
        };
        if (json) {
            out.println(LiveJson.mapper().writeValueAsString(answer));
        } else {
            table(answer, out);
        }
        out.flush();
        return 0;
    }

    private JournalSettings.PostgreSql journal() {
        if (journal == null) {
            throw new InvalidSpecException("--journal: coordinators that fail over share a PostgreSQL; name it as"
                    + " jdbc:postgresql://HOST/DATABASE?user=NAME");
        }
        return new JournalSettings.PostgreSql(journal, System.getenv(JournalChoice.VARIABLE));
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
        if (answer.failover() != null) {
            answer.failover().lines().forEach(out::println);
        }
        out.println(answer.machine() + " " + answer.versions());
    }
}
