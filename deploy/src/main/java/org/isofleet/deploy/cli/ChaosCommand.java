package org.isofleet.deploy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.isofleet.deploy.chaos.ChaosAnswer;
import org.isofleet.deploy.chaos.ChaosStudy;
import org.isofleet.deploy.chaos.ChaosTable;
import org.isofleet.deploy.chaos.FaultKind;
import org.isofleet.metrics.live.LiveJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet chaos}: the first two promises, put to the test on a study of the user's own. */
@Command(
        name = "chaos",
        description =
                "Runs a study quietly and again under faults, in real processes, and compares the two. Ends with 0 only if"
                        + " all digests are equal, every image was seen as often as planned, and every run is done.",
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file, or demo.")
    private String study = "";

    @Option(names = "--local", paramLabel = "N", description = "Workers to start (default ${DEFAULT-VALUE}).")
    private int workers = 2;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Kinds of faults: kill, hang, slow, partition, flip, corrupt, truncate, disk, coordinator,"
                    + " everything (default: all that this machine allows).")
    private List<FaultKind> kinds = new ArrayList<>(EnumSet.allOf(FaultKind.class));

    @Option(
            names = "--mtbf",
            paramLabel = "TIME",
            description = "Mean time between two faults (default ${DEFAULT-VALUE}).")
    private String mtbf = "15s";

    @Option(names = "--failures", paramLabel = "N", description = "Number of faults (default ${DEFAULT-VALUE}).")
    private int failures = 20;

    @Option(names = "--seed", description = "Of the schedule of faults (default ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of both studies, their logs and traces (default: studies/NAME-chaos).")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object; what happens goes to standard error.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter answers = spec.commandLine().getOut();
        PrintWriter told = json ? spec.commandLine().getErr() : answers;
        ChaosStudy.Settings settings =
                new ChaosStudy.Settings(study, folder(), workers, EnumSet.copyOf(kinds), time(mtbf), failures, seed);
        ChaosAnswer answer = new ChaosStudy(settings, line -> {
                    told.println(line);
                    told.flush();
                })
                .run();
        Stream<String> lines =
                json ? Stream.of(LiveJson.mapper().writeValueAsString(answer)) : ChaosTable.of(answer).stream();
        lines.forEach(answers::println);
        answers.flush();
        return answer.holds() ? 0 : OneLineErrors.FAILED;
    }

    private Path folder() {
        String name = Path.of(study).getFileName().toString();
        return out == null ? Path.of("studies", name.replaceFirst("\\.conf$", "") + "-chaos") : out;
    }

    private static Duration time(String text) {
        return OptionValues.time("--mtbf", text, "15s or 2m");
    }
}
