package org.isofleet.deploy.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.isofleet.deploy.hosts.FleetShell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet exec}. */
@Command(
        name = "exec",
        description =
                "Runs a command on the machines of a file at once, as: isofleet exec --hosts FILE -- nvidia-smi -L",
        mixinStandardHelpOptions = true)
final class ExecCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "In words of the shell there, after --.")
    private List<String> command = List.of();

    @Option(names = "--on", split = ",", paramLabel = "HOST", description = "On these alone; commas between them.")
    private List<String> names = List.of();

    @Mixin
    private HostsOptions options = new HostsOptions();

    @Override
    public Integer call() throws IOException {
        return options.run(() -> {
            FleetShell shell = new FleetShell(options.ssh(), options::say);
            return shell.run(options.hosts(names), String.join(" ", command)) == 0 ? 0 : OneLineErrors.FAILED;
        });
    }
}
