package org.isofleet.deploy.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.isofleet.worker.node.ProcessMemory;

/**
 * Resident memory of the processes of a fleet, over a whole study. A process under chaos lives for seconds or for minutes and is replaced by
 * another, so a role is looked at, not a process: the most that it took in the first quarter of the study against the most in
 * the last. Where that is flat, neither a long life nor many deaths leave anything behind.
 */
final class FleetMemory {
    private static final long EVERY_NANOS = 500_000_000;

    private final LongSupplier nanoTime;
    private final long began;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private long lastNanos;

    private record Sample(long nanos, long pid, long bytes) {}

    FleetMemory(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.lastNanos = began - EVERY_NANOS;
    }

    /** Looks at all processes that live, if it is time to. */
    void look(Fleet fleet) {
        long now = nanoTime.getAsLong();
        if (now - lastNanos < EVERY_NANOS) {
            return;
        }
        lastNanos = now;
        fleet.processes()
                .forEach((role, process) -> process.alive().ifPresent(handle -> {
                    long bytes = ProcessMemory.residentBytes(handle.pid());
                    if (bytes > 0) {
                        see(role, handle.pid(), bytes);
                    }
                }));
    }

    void see(String role, long pid, long bytes) {
        samples.computeIfAbsent(role, r -> new ArrayList<>()).add(new Sample(nanoTime.getAsLong(), pid, bytes));
    }

    /** All roles; none where the system does not tell. */
    List<ChaosAnswer.Memory> rows() {
        long quarter = (nanoTime.getAsLong() - began) / 4;
        List<ChaosAnswer.Memory> rows = new ArrayList<>();
        samples.forEach((role, seen) -> {
            long end = seen.get(seen.size() - 1).nanos();
            long first = most(seen, began, began + quarter);
            long last = most(seen, end - quarter, end);
            Set<Long> pids = new HashSet<>();
            seen.forEach(sample -> pids.add(sample.pid()));
            rows.add(new ChaosAnswer.Memory(role, pids.size(), first, last, most(seen, began, end), last - first));
        });
        return rows;
    }

    private static long most(List<Sample> samples, long from, long to) {
        return samples.stream()
                .filter(sample -> sample.nanos() - from >= 0 && sample.nanos() - to <= 0)
                .mapToLong(Sample::bytes)
                .max()
                .orElse(0);
    }
}
