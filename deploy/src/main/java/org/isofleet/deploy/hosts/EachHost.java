package org.isofleet.deploy.hosts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** The same for several hosts at once. */
final class EachHost {
    /** Connections at a time. */
    private static final int AT_ONCE = 64;

    /** What is done for one. */
    @FunctionalInterface
    interface Step<T> {
        T on(Host host) throws HostTrouble;
    }

    private EachHost() {}

    /** What came of it where it succeeded, and a line for each that failed. */
    record Outcome<T>(Map<Host, T> results, List<String> troubles) {}

    /**
     * Waits for all of them, also when one fails.
     *
     * @throws FleetTrouble with a line for each that failed
     */
    static <T> Map<Host, T> of(List<Host> hosts, Step<T> step) throws FleetTrouble {
        Outcome<T> outcome = tried(hosts, step);
        requireAll(outcome);
        return outcome.results();
    }

    /** @throws FleetTrouble with a line for each trouble */
    static void requireAll(Outcome<?>... outcomes) throws FleetTrouble {
        List<String> troubles = Stream.of(outcomes)
                .flatMap(outcome -> outcome.troubles().stream())
                .toList();
        if (!troubles.isEmpty()) {
            throw new FleetTrouble(troubles);
        }
    }

    /** The same, for whoever makes the best of those that succeed. */
    static <T> Outcome<T> tried(List<Host> hosts, Step<T> step) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, hosts.size())), task -> {
            Thread thread = new Thread(task, "ssh");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<Host, Future<T>> begun = new LinkedHashMap<>();
            hosts.forEach(host -> begun.put(host, threads.submit(() -> step.on(host))));
            return outcome(begun);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> Outcome<T> outcome(Map<Host, Future<T>> begun) {
        Map<Host, T> results = new LinkedHashMap<>();
        List<String> troubles = new ArrayList<>();
        for (Map.Entry<Host, Future<T>> each : begun.entrySet()) {
            try {
                results.put(each.getKey(), each.getValue().get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof HostTrouble trouble) {
                    troubles.add(String.valueOf(trouble.getMessage()));
                } else {
                    throw new IllegalStateException("host " + each.getKey().name(), e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                troubles.add(each.getKey().name() + ": interrupted");
            }
        }
        return new Outcome<>(results, troubles);
    }
}
