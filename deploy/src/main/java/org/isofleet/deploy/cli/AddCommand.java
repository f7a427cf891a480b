package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.isofleet.deploy.hosts.FleetUp;
import org.isofleet.deploy.hosts.HostsFile;
import org.isofleet.metrics.live.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isofleet add}. */
@Command(
        name = "add",
        description = "Brings one more machine up for a study, and writes it to the end of the file when it is well.",
        mixinStandardHelpOptions = true)
final class AddCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STUDY", description = "The study file that is up, or demo.")
    private String study = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the machine.")
    private String name = "";

    @Option(names = "--ssh", paramLabel = "DEST", description = "What ssh connects to (default: its name).")
    private @Nullable String ssh;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "That its workers are known by (default: of ssh).")
    private @Nullable String address;

    @Option(names = "--slots", paramLabel = "N", description = "Workers (default: as for all in the file).")
    private @Nullable Integer slots;

    @Option(names = "--folder", paramLabel = "DIR", description = "For its files (default: as for all in the file).")
    private @Nullable String folder;

    @Mixin
    private HostsOptions options = new HostsOptions();

    @Override
    public Integer call() throws IOException {
        if (options.hosts().hosts().stream().anyMatch(host -> host.name().equals(name))) {
            throw new UserException(
                    options.file() + " has a host " + name + " already: 'isofleet up' starts what is missing");
        }
        String line = line();
        HostsFile hosts = HostsFile.read(options.file(), line);
        return options.run(() -> {
            new FleetUp(hosts, study, options.ssh(), options::say).run();
            AtomicFile.write(options.file(), Files.readString(options.file()) + line);
            return 0;
        });
    }

    private String line() {
        List<String> keys = new ArrayList<>();
        add(keys, "ssh", ssh);
        add(keys, "address", address);
        add(keys, "slots", slots);
        add(keys, "folder", folder);
        return "\nhosts." + quoted(name) + " { " + keys.stream().collect(Collectors.joining(", ")) + " }\n";
    }

    private static void add(List<String> keys, String key, @Nullable Object value) {
        if (value != null) {
            keys.add(key + " = " + quoted(value.toString()));
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
