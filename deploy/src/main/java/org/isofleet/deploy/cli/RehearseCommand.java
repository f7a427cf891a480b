package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.isofleet.deploy.study.Rehearsal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code isofleet rehearse}, of the build: what this process has loaded when it ends is archived, so that others start sooner. */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Runs a study of a second in this process, for the JVM to archive the classes that it needs.",
        mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "An empty folder for the study.")
    private Path folder = Path.of("");

    @Override
    public Integer call() throws IOException {
        Rehearsal.run(folder);
        return 0;
    }
}
