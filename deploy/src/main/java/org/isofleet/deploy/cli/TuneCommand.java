package org.isofleet.deploy.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.isofleet.coordinator.plan.Tuning;
import org.isofleet.coordinator.plan.TuningCells;
import org.isofleet.coordinator.plan.TuningCheck;
import org.isofleet.coordinator.plan.TuningFile;
import org.isofleet.deploy.study.LocalImages;
import org.isofleet.deploy.study.LocalMemory;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.deploy.tune.CellFleet;
import org.isofleet.deploy.tune.PointsFile;
import org.isofleet.deploy.tune.Tuner;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.TuningGrid;
import org.isofleet.worker.data.PackedImageSets;
import org.isofleet.worker.engine.NativeMemory;
import org.isofleet.worker.node.LocalEngines;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet tune}: learning rate, batch and beta2 by size. */
@Command(
        name = "tune",
        description = "Finds learning rate and beta2 by size and batch, for a study to cite; trains in this process.",
        mixinStandardHelpOptions = true)
final class TuneCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file with a section tune, or demo.")
    private String study = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write; default STUDY.tuning.json.")
    private @Nullable Path out;

    @Option(names = "--threads", paramLabel = "N", description = "Cells trained at once; default: one a processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        StudySpec asked = StudySource.untuned(study);
        TuningGrid grid = asked.tune();
        if (grid == null) {
            throw new UserException(
                    study + ": tune is missing: which sizes, rates, batches and beta2? The reference study"
                            + " (isofleet plan --reference) shows the section");
        }
        if (threads < 1) {
            throw new UserException("--threads must be at least 1, not " + threads);
        }
        Path file = out == null ? Path.of(study.replaceFirst("\\.conf$", "") + ".tuning.json") : out;
        if (Files.exists(file)) {
            throw new UserException(file + " exists, and a study may cite it; name another with --out");
        }
        if (!Files.isWritable(file.toAbsolutePath().getParent())) { // asked now: training takes hours
            throw new UserException("--out: " + file + " cannot be written; name a file in a folder that can");
        }
        PointsFile points = PointsFile.beside(file);
        Tuning tuning = tune(asked, grid, points);
        write(file, TuningFile.write(tuning));
        points.delete();
        print(file, tuning);
        return tuning.check().holds() ? 0 : OneLineErrors.FAILED;
    }

    private Tuning tune(StudySpec asked, TuningGrid grid, PointsFile points) throws IOException, InterruptedException {
        PackedImageSets sets = PackedImageSets.inUserCache();
        int resolution = asked.images().resolutions().get(0);
        ImageSetRef images = new LocalImages(sets).find(asked.images().location(), resolution);
        List<RunSpec> runs = new TuningCells(asked, grid, images)
                .grid().stream().map(TuningCells.Cell::spec).toList();
        LocalMemory machine = LocalMemory.ofThisMachine();
        machine.requireTogether(runs, threads);
        NativeMemory.limit(machine.bytes());
        PrintWriter err = spec.commandLine().getErr();
        EngineChoice engine = new EngineChoice(asked.engine(), asked.precision());
        LocalEngines.requireHere(engine);
        Path scratch = Files.createTempDirectory("isofleet-tune");
        try (CellFleet fleet = new CellFleet(threads, LocalEngines.of(engine), sets, grid.heldOutImages(), scratch)) {
            return new Tuner(fleet, points, line -> {
                        err.println(line);
                        err.flush();
                    })
                    .tune(asked, grid, images, made(engine));
        } catch (InvalidSpecException e) {
            throw new UserException(e.getMessage() + "; what was trained is in " + points.path());
        } finally {
            for (int i = 0; i < threads; i++) {
                Files.deleteIfExists(scratch.resolve("tuner-" + i));
            }
            Files.deleteIfExists(scratch);
        }
    }

    private String made(EngineChoice engine) {
        return "isofleet tune " + Path.of(study).getFileName()
                + ", " + engine.engine() + " " + engine.precision()
                + ", one thread a cell, loss on the validation images, " + System.getProperty("os.arch")
                + ", Java " + Runtime.version().feature();
    }

    /** Whole or not at all. */
    private static void write(Path file, String text) throws IOException {
        Path unfinished = Files.createTempFile(
                file.toAbsolutePath().getParent(), file.getFileName().toString(), ".part");
        try {
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void print(Path file, Tuning tuning) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        TuningCheck check = tuning.check();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode answer =
                    mapper.createObjectNode().put("schema", "tune/1").put("file", file.toString());
            answer.put("sha256", tuning.sha256()).put("residual", tuning.fit().residual());
            answer.putPOJO("rule", tuning.fit().rule());
            answer.put("check_regret", check.regret()).put("check_holds", check.holds());
            print.println(mapper.writeValueAsString(answer));
        } else {
            print.println("learning rate " + tuning.fit().rule());
            print.println(String.format(
                    Locale.ROOT,
                    "check at %s, %d seeds: %.3g by the rule, %.3g measured%s; %.4f nats above the lowest, noise %.4f: %s",
                    tuning.grid().checkSize(),
                    tuning.grid().checkSeeds(),
                    check.predictedRate(),
                    check.measured().learningRate(),
                    check.measured().used() ? "" : " (" + check.measured().reason() + ")",
                    check.regret(),
                    check.noise(),
                    check.holds() ? "holds" : "FAILS, studies cannot cite this tuning"));
            print.println("written to " + file + "; cite it in the study file as");
            print.println("  optimizer.tuning { file = \"" + file.getFileName() + "\", sha256 = \"" + tuning.sha256()
                    + "\" }");
        }
        print.flush();
    }
}
