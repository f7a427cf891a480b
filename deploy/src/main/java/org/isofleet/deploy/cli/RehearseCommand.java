package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import org.isofleet.deploy.study.Rehearsal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            defaultValue = "2m",
            description = "Give up after this long (default ${DEFAULT-VALUE}).")
    private String limit = "";

    /** Whatever keeps it, as a full disk does, must not keep the command that waits for the archive: it only starts more slowly without. */
    @Override
    public Integer call() throws IOException {
        Duration patience = OptionValues.time("--limit", limit, "2m or 30s");
        Timer deadline = new Timer(true);
        deadline.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        System.err.println("isofleet: the rehearsal did not end within " + limit);
                        Runtime.getRuntime().halt(OneLineErrors.FAILED);
                    }
                },
                patience.toMillis());
        Rehearsal.run(folder);
        deadline.cancel();
        return 0;
    }
}
