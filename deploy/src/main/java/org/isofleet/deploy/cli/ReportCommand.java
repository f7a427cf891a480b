package org.isofleet.deploy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.metrics.report.Report;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code isofleet report}: writes the report of a study folder. */
@Command(
        name = "report",
        description = "Writes report.html into a study folder, finished or not, and prints its path.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "A study folder.")
    private Path folder = Path.of("");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path file = Report.write(folder);
        PrintWriter out = spec.commandLine().getOut();
        out.println(file);
        out.flush();
        return 0;
    }
}
