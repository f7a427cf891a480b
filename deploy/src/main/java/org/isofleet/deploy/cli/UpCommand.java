package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.isofleet.deploy.hosts.FleetUp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code isofleet up}. */
@Command(
        name = "up",
        description =
                "Brings a study up on the machines of a file, by ssh: copies what they lack, starts its coordinator and their"
                        + " workers, and waits until all is well. Done again it changes nothing.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STUDY", description = "A study file, or demo.")
    private String study = "";

    @Mixin
    private HostsOptions options = new HostsOptions();

    @Override
    public Integer call() throws IOException {
        return options.run(() -> {
            new FleetUp(options.hosts(), study, options.ssh(), options::say).run();
            return 0;
        });
    }
}
