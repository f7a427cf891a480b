package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.isofleet.deploy.study.StudySource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isofleet demo}. */
@Command(
        name = "demo",
        description =
                "Runs a whole small study on this machine and embedded images: some three minutes on two cores, and a"
                        + " report in studies/demo/report.html.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--local", paramLabel = "N", description = "Workers to start (default ${DEFAULT-VALUE}).")
    private int workers = 2;

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Override
    public Integer call() throws IOException {
        return options.run("demo", StudySource.DEMO, workers);
    }
}
