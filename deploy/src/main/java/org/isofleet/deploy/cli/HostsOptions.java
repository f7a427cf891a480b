package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.deploy.hosts.FleetTrouble;
import org.isofleet.deploy.hosts.Host;
import org.isofleet.deploy.hosts.HostsFile;
import org.isofleet.deploy.hosts.Ssh;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What commands about machines have in common. */
final class HostsOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--hosts", required = true, paramLabel = "FILE", description = "The file that lists the machines.")
    private Path file = Path.of("");

    @Option(
            names = "--ssh-config",
            paramLabel = "FILE",
            description = "A configuration for ssh in place of your own (ssh -F).")
    private @Nullable Path sshConfig;

    /** What is done about machines. */
    @FunctionalInterface
    interface Work {
        int run() throws FleetTrouble, IOException;
    }

    /** Does it; what is wrong with machines is told in one line each. */
    int run(Work work) throws IOException {
        try {
            return work.run();
        } catch (FleetTrouble e) {
            e.lines().forEach(line -> spec.commandLine().getErr().println("isofleet: " + line));
            spec.commandLine().getErr().flush();
            return OneLineErrors.BAD_INPUT;
        }
    }

    Path file() {
        return file;
    }

    HostsFile hosts() {
        return HostsFile.read(file);
    }

    List<Host> hosts(List<String> names) {
        return hosts().named(names);
    }

    Ssh ssh() {
        if (sshConfig != null && !Files.isReadable(sshConfig)) {
            throw new UserException("--ssh-config: there is no " + sshConfig + " that can be read; name a file");
        }
        return new Ssh(sshConfig);
    }

    /** Lines come from several threads. */
    synchronized void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
