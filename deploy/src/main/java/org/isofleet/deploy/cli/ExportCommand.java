package org.isofleet.deploy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.deploy.export.StudyExport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet export}: runs and loss curves of a study folder for other programs. */
@Command(
        name = "export",
        description =
                "Writes runs and loss curves of a study folder, running or not, for other programs; prints the files.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "A study folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--to",
            required = true,
            paramLabel = "parquet|csv|jsonl|tensorboard",
            description = "Tables runs and curves in one of these formats, or an event file for each run.")
    private StudyExport.Target target = StudyExport.Target.PARQUET;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the files (default: export in the study folder).")
    private @Nullable Path out;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path into = out == null ? folder.resolve("export") : out;
        if (Files.exists(into) && !Files.isDirectory(into)) {
            throw new UserException("--out: " + into + " is a file; name a folder");
        }
        PrintWriter lines = spec.commandLine().getOut();
        StudyExport.write(folder, target, into).forEach(lines::println);
        lines.flush();
        return 0;
    }
}
