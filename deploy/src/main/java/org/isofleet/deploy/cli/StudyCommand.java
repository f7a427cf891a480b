package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet study}. */
@Command(name = "study", description = "Runs a study.", mixinStandardHelpOptions = true)
final class StudyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file, or demo.")
    private String study = "";

    @Option(
            names = "--local",
            paramLabel = "N",
            description = "Workers to start on this machine (default ${DEFAULT-VALUE}).")
    private int workers = 2;

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Override
    public Integer call() throws IOException {
        return options.run("study", study, workers);
    }
}
