package org.isofleet.deploy.hosts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that is to run on a host.
 *
 * @param host where
 * @param name of the process; its files there bear it
 * @param arguments of this program
 * @param ready what it writes when all is well
 */
record Node(Host host, String name, List<String> arguments, String ready) {
    static final String COORDINATOR = "coordinator";

    Node {
        arguments = List.copyOf(arguments);
    }

    boolean isCoordinator() {
        return name.equals(COORDINATOR);
    }

    /** Equal for processes that would be started alike. */
    String digest(Release release) {
        String all = release.id() + "\n" + host.java() + "\n" + String.join("\n", arguments);
        return Release.digest(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Nodes of a host, the coordinator first. */
    static List<Node> of(HostsFile hosts, Host host, HostedStudy study, String folder) {
        List<Node> nodes = new ArrayList<>();
        String studyFolder = folder + "/studies/" + study.name();
        if (host.equals(hosts.coordinator())) {
            List<String> arguments = new ArrayList<>(List.of(
                    "coordinator",
                    study.files().isEmpty() ? study.argument() : studyFolder + "/" + study.argument(),
                    "--plain",
                    "--out",
                    studyFolder,
                    "--host",
                    host.address(),
                    "--port",
                    Integer.toString(hosts.port())));
            if (hosts.http() != null) {
                arguments.addAll(List.of("--http", Integer.toString(hosts.http())));
            }
            nodes.add(new Node(host, COORDINATOR, keyed(hosts, folder, arguments), "workers join by"));
        }
        for (int i = 1; i <= host.slots(); i++) {
            List<String> arguments = new ArrayList<>(List.of("worker", "--id", host.worker(i)));
            arguments.addAll(List.of(
                    "--coordinator", hosts.coordinator().address() + ":" + hosts.port(), "--host", host.address()));
            arguments.addAll(List.of("--threads", Integer.toString(host.threads())));
            arguments.addAll(List.of("--memory", host.memoryBytes() + "B"));
            arguments.addAll(List.of(
                    "--engine",
                    study.engine().engine(),
                    "--precision",
                    study.engine().precision()));
            arguments.addAll(List.of("--secret-file", studyFolder + "/secret"));
            nodes.add(new Node(host, host.worker(i), keyed(hosts, folder, arguments), "registered with"));
        }
        return nodes;
    }

    private static List<String> keyed(HostsFile hosts, String folder, List<String> arguments) {
        if (hosts.keys() != null) {
            arguments.addAll(List.of("--keys", folder + "/keys"));
        }
        return arguments;
    }
}
