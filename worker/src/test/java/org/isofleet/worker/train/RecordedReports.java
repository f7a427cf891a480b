package org.isofleet.worker.train;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;

/** A listener that remembers. */
final class RecordedReports implements TrainingListener {
    final List<RunReport> reports = new CopyOnWriteArrayList<>();
    final List<StepMetrics> steps = new CopyOnWriteArrayList<>();

    @Override
    public void report(RunReport report) {
        reports.add(report);
    }

    @Override
    public void steps(RunId runId, long generation, List<StepMetrics> more, double tokensPerSecond) {
        steps.addAll(more);
    }

    /** The first report of a kind, from the report number {@code from} on. */
    <R extends RunReport> R await(Class<R> kind, int from) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .until(
                        () -> reports.stream()
                                .skip(from)
                                .filter(kind::isInstance)
                                .map(kind::cast)
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    <R extends RunReport> R await(Class<R> kind) {
        return await(kind, 0);
    }
}
