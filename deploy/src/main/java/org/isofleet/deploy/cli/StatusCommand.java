package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.metrics.live.StatusAnswer;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet status}: where a study stands, from its folder; the coordinator need not run. */
@Command(
        name = "status",
        description = "Shows where the study of a folder stands, whether it runs or not.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "A study folder.")
    private Path folder = Path.of("");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        StudyView view = StudyFolder.read(folder);
        Answers.print(spec, json, StatusAnswer.of(folder.toString(), view), StatusText.of(view));
        return 0;
    }
}
