package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.isofleet.deploy.hosts.FleetShell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet logs}. */
@Command(
        name = "logs",
        description = "Shows the last lines of nodes on the machines of a file, each with the name of its node.",
        mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NODE", description = "coordinator, or a worker as gpu1-1 (default: all).")
    private List<String> nodes = List.of();

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many of each (default ${DEFAULT-VALUE}).")
    private int lines = 20;

    @Option(
            names = {"-f", "--follow"},
            description = "Wait for more.")
    private boolean follow;

    @Mixin
    private HostsOptions options = new HostsOptions();

    @Override
    public Integer call() throws IOException {
        if (lines < 0) {
            throw new UserException("--lines: must not be below 0");
        }
        return options.run(() -> {
            FleetShell shell = new FleetShell(options.ssh(), options::say);
            if (!shell.logs(options.hosts().hosts(), nodes, lines, follow) && !nodes.isEmpty()) {
                throw new UserException("no host has a log of " + String.join(", ", nodes)
                        + "; without a name, logs shows those of all nodes");
            }
            return 0;
        });
    }
}
