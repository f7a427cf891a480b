package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code isofleet coordinator}. */
@Command(
        name = "coordinator",
        description = "Runs the coordinator of a study in the foreground; workers come by themselves.",
        mixinStandardHelpOptions = true)
final class CoordinatorCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file, or demo.")
    private String study = "";

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Override
    public Integer call() throws IOException {
        return options.run("study", study, 0);
    }
}
