package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.isofleet.deploy.hosts.FleetDown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code isofleet down}. */
@Command(
        name = "down",
        description =
                "Stops all nodes on the machines of a file: workers drain, then the coordinator ends. The study stays, and"
                        + " 'isofleet up' goes on where it was.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    @Mixin
    private HostsOptions options = new HostsOptions();

    @Override
    public Integer call() throws IOException {
        return options.run(() -> {
            new FleetDown(options.ssh(), options::say).stop(options.hosts().hosts());
            return 0;
        });
    }
}
