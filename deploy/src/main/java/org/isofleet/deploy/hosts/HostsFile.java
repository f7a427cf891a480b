package org.isofleet.deploy.hosts;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isofleet.coordinator.plan.ConfigText;
import org.isofleet.coordinator.plan.Nearest;
import org.isofleet.coordinator.plan.Section;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * A list of machines.
 *
 * @param file where it stands
 * @param hosts in the order of the file
 * @param coordinator the one of them on which the coordinator runs
 * @param port of the coordinator
 * @param http port of API and dashboard; null without them
 * @param keys folder of the nodes' keys here; null where all are one machine
 * @param archive whether each host archives classes, so that processes start sooner
 */
public record HostsFile(
        Path file,
        List<Host> hosts,
        Host coordinator,
        int port,
        @Nullable Integer http,
        @Nullable Path keys,
        boolean archive) {
    private static final int LARGEST_BYTES = 1 << 20;

    public HostsFile {
        hosts = List.copyOf(hosts);
    }

    /**
     * Reads a file of hosts.
     *
     * @throws InvalidSpecException when it is missing or makes no sense: one line with file, line and mend
     */
    public static HostsFile read(Path file) {
        return read(file, "");
    }

    /** The same with more lines at its end. */
    public static HostsFile read(Path file, String more) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidSpecException(file + ": there is no such file of hosts; write one with hosts { NAME {} }");
        }
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new InvalidSpecException(file + ": too large for a file of hosts (more than 1 MiB)");
            }
            String text = Files.readString(file) + more;
            return ConfigText.read(text, file.toString(), section -> of(file, section));
        } catch (IOException e) {
            throw new InvalidSpecException(file + ": cannot be read as text: " + e.getMessage());
        }
    }

    private static HostsFile of(Path file, Section section) {
        Host common = host("all", section, new Host("all", "all", "all", "isofleet", "java", 1, 1, 4L << 30));
        List<Host> hosts = section.section("hosts", below -> {
            List<Host> read = new ArrayList<>();
            below.keys()
                    .forEach(name ->
                            read.add(below.section(name, each -> each.build(() -> named(name, each, common)))));
            return read;
        });
        require(!hosts.isEmpty(), "hosts: name at least one, as hosts { gpu1 {} }");
        String leader = section.has("coordinator")
                ? section.text("coordinator")
                : hosts.get(0).name();
        Host coordinator = find(hosts, leader)
                .orElseThrow(
                        () -> new InvalidSpecException("coordinator: '" + leader + "' is none of the hosts; name one"));
        int port = section.has("port") ? section.count("port") : 7700;
        require(port >= 1 && port <= 65_535, "port: a port lies in 1 to 65535, not %d", port);
        Integer http = section.has("http") ? (Integer) section.count("http") : null;
        require(
                http == null || (http >= 1 && http <= 65_535),
                "http: a port lies in 1 to 65535, not %d",
                http == null ? 0 : http);
        Path keys = section.has("keys") ? file.toAbsolutePath().resolveSibling(section.text("keys")) : null;
        for (Host host : hosts) {
            require(
                    keys != null || host.isLoopback(),
                    "%s can be reached from other machines, and nothing there keeps strangers out: make keys with 'isofleet keys"
                            + " init DIR' and write keys = DIR",
                    host.name());
        }
        return new HostsFile(
                file, hosts, coordinator, port, http, keys, !section.has("archive") || section.flag("archive"));
    }

    private static Host named(String name, Section section, Host common) {
        String ssh = section.has("ssh") ? section.text("ssh") : name;
        String address = section.has("address") ? section.text("address") : ssh.substring(ssh.indexOf('@') + 1);
        return host(
                name,
                section,
                new Host(
                        name,
                        ssh,
                        address,
                        common.folder(),
                        common.java(),
                        common.slots(),
                        common.threads(),
                        common.memoryBytes()));
    }

    private static Host host(String name, Section section, Host common) {
        return new Host(
                name,
                common.ssh(),
                common.address(),
                section.has("folder") ? section.text("folder") : common.folder(),
                section.has("java") ? section.text("java") : common.java(),
                section.has("slots") ? section.count("slots") : common.slots(),
                section.has("threads") ? section.count("threads") : common.threads(),
                section.has("memory") ? section.bytes("memory") : common.memoryBytes());
    }

    private static Optional<Host> find(List<Host> hosts, String name) {
        return hosts.stream().filter(host -> host.name().equals(name)).findFirst();
    }

    /**
     * The hosts of these names; all when none is named.
     *
     * @throws InvalidSpecException when one is not in the file
     */
    public List<Host> named(List<String> names) {
        if (names.isEmpty()) {
            return hosts;
        }
        List<String> known = hosts.stream().map(Host::name).toList();
        return names.stream()
                .distinct()
                .map(name -> find(hosts, name)
                        .orElseThrow(() -> new InvalidSpecException(file + ": there is no host '" + name + "'"
                                + Nearest.near(name, known)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse("; it names " + String.join(", ", known)))))
                .toList();
    }
}
