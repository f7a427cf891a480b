package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.isofleet.deploy.hosts.FleetDown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code isofleet drain}. */
@Command(
        name = "drain",
        description =
                "Stops the workers of some machines: others get what they work at; where nobody else has it, it goes on from the last checkpoint."
                        + " 'isofleet up' starts them again.",
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "HOST", description = "Names of machines in the file.")
    private List<String> names = List.of();

    @Mixin
    private HostsOptions options = new HostsOptions();

    @Override
    public Integer call() throws IOException {
        return options.run(() -> {
            new FleetDown(options.ssh(), options::say).drain(options.hosts(names));
            return 0;
        });
    }
}
