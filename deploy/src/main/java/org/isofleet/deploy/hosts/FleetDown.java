package org.isofleet.deploy.hosts;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Stops nodes on hosts. Workers drain: others get what they work at, or they bring a checkpoint, within half a minute. */
public final class FleetDown {
    /** Longer than a worker takes to drain, and to end after that. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Ssh ssh;
    private final Consumer<String> say;

    /** @param say hears what is done */
    public FleetDown(Ssh ssh, Consumer<String> say) {
        this.ssh = ssh;
        this.say = say;
    }

    /**
     * All of these hosts: workers first, for the coordinator sees to it that they lose nothing.
     *
     * @throws FleetTrouble with a line for each that could not be reached; the others are stopped nevertheless
     */
    public void stop(List<Host> hosts) throws FleetTrouble {
        EachHost.Outcome<List<String>> running = EachHost.tried(hosts, new NodeStopper(ssh)::running);
        EachHost.Outcome<Integer> workers = stop(running.results(), false);
        EachHost.Outcome<Integer> coordinators = stop(running.results(), true);
        int stopped = Stream.of(workers, coordinators)
                .flatMap(outcome -> outcome.results().values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        say.accept("down: " + stopped + " nodes were stopped");
        EachHost.requireAll(running, workers, coordinators);
    }

    /** The workers of these hosts. */
    public void drain(List<Host> hosts) throws FleetTrouble {
        EachHost.Outcome<List<String>> running = EachHost.tried(hosts, new NodeStopper(ssh)::running);
        EachHost.Outcome<Integer> workers = stop(running.results(), false);
        EachHost.requireAll(running, workers);
    }

    private EachHost.Outcome<Integer> stop(Map<Host, List<String>> running, boolean coordinators) {
        return EachHost.tried(List.copyOf(running.keySet()), host -> {
            List<String> names = running.getOrDefault(host, List.of()).stream()
                    .filter(name -> name.equals(Node.COORDINATOR) == coordinators)
                    .toList();
            Map<String, String> ends = new NodeStopper(ssh).stop(host, names, PATIENCE);
            ends.forEach((name, end) -> say.accept(host.name() + ": " + name + " " + end));
            return ends.size();
        });
    }
}
