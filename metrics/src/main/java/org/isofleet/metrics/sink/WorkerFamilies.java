package org.isofleet.metrics.sink;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.metrics.live.WorkerView;

/** Series of single workers: at most {@value #MOST}, those that are there before those that are lost, the last heard of first. */
final class WorkerFamilies {
    static final int MOST = 1000;

    private WorkerFamilies() {}

    static void add(Families families, List<WorkerView> all) {
        Map<String, Integer> doing = new TreeMap<>(Map.of("idle", 0, "training", 0, "evaluating", 0, "lost", 0));
        all.forEach(worker -> doing.merge(state(worker), 1, Integer::sum));
        families.gauge(
                "workers",
                "Workers by what they do.",
                List.copyOf(doing.entrySet()),
                entry -> Labels.of("state", entry.getKey()),
                entry -> (double) entry.getValue());
        List<WorkerView> told = all.stream()
                .sorted(Comparator.comparing(WorkerView::alive)
                        .thenComparing(worker -> worker.seen().at())
                        .reversed())
                .limit(MOST)
                .toList();
        families.gauge(
                "workers_left_out",
                "Workers that have no series of their own, because there are too many.",
                all.size() - told.size());
        families.info("worker", "What a worker is.", told, WorkerFamilies::what);
        families.gauge(
                "worker_up",
                "1 while the worker is there, 0 once it is lost.",
                told,
                WorkerFamilies::id,
                worker -> worker.alive() ? 1.0 : 0.0);
        List<WorkerView> alive = told.stream().filter(WorkerView::alive).toList();
        families.gauge(
                "worker_tokens_per_second",
                "Rate of the worker.",
                alive,
                WorkerFamilies::id,
                worker -> worker.seen().tokensPerSecond());
        families.gauge("worker_resident_bytes", "Memory of the worker's process.", alive, WorkerFamilies::id, worker ->
                (double) worker.seen().residentBytes());
        families.gauge(
                "worker_straggler_score",
                "Time for a shard's gradient over the least that is known; 1 is as fast as can be.",
                alive,
                WorkerFamilies::id,
                worker -> worker.seen().stragglerScore() > 0
                        ? (Double) worker.seen().stragglerScore()
                        : null);
        families.gauge(
                "worker_seen_timestamp_seconds",
                "When the worker was last heard of.",
                alive,
                WorkerFamilies::id,
                worker -> worker.seen().at().toEpochMilli() / 1000.0);
    }

    private static String state(WorkerView worker) {
        if (!worker.alive()) {
            return "lost";
        }
        // In full it tells what is evaluated, and that the worker leaves.
        return worker.seen().doing().split("[ ,]", 2)[0];
    }

    private static Labels id(WorkerView worker) {
        return Labels.of("worker", worker.seen().workerId());
    }

    private static Labels what(WorkerView worker) {
        return Labels.of(
                "worker",
                worker.seen().workerId(),
                "host",
                worker.seen().host(),
                "device",
                worker.seen().device(),
                "kernel_class",
                worker.seen().kernelClass());
    }
}
