package org.isofleet.metrics.sink;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.live.StudyView;

/**
 * A study as Prometheus scrapes it, in its text format 0.0.4. Everything is computed from the view when it is asked for, so that nothing is
 * measured twice and a step costs nothing. Counters go on over a restart of the coordinator, as the study folder does.
 */
public final class PrometheusText {
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private PrometheusText() {}

    /** The text, in UTF-8. */
    public static byte[] of(StudyView view, FaultCounts faults, NodeGauges node, Instant now) {
        Families families = new Families();
        List<RunView> runs = view.runs();
        study(families, view, runs, now);
        RunFamilies.add(families, runs);
        WorkerFamilies.add(families, view.workersInOrder());
        faults(families, view, faults);
        node(families, node);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, families.build());
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all bytes", e);
        }
        return text.toByteArray();
    }

    private static void study(Families families, StudyView view, List<RunView> runs, Instant now) {
        families.info(
                "study",
                "Which study this is.",
                view.plan().stream().toList(),
                plan -> Labels.of("id", plan.studyId(), "name", plan.name()));
        families.gauge(
                "runs",
                "Runs by state.",
                List.of(RunState.values()),
                state -> Labels.of("state", StudyAnswer.name(state)),
                state -> (double)
                        runs.stream().filter(run -> run.state() == state).count());
        families.gauge("study_finished", "1 when nothing more will come.", view.finished() == null ? 0 : 1);
        families.gauge(
                "study_seconds",
                "Time since the study began, or that it took.",
                view.elapsed(now).toMillis() / 1000.0);
        families.gauge("study_share", "Share of the FLOPs of training done, 0 to 1.", share(runs));
        if (view.finished() == null) {
            families.gauge(
                    "study_eta_seconds",
                    "Expected time to the end; absent while there is no telling.",
                    view.eta(now).stream().toList(),
                    eta -> Labels.EMPTY,
                    eta -> eta.toMillis() / 1000.0);
        }
        families.counter(
                "steps",
                "Optimizer steps of all runs, each counted once however often it was computed.",
                sum(runs, run -> 1));
        families.counter(
                "images",
                "Images that these steps saw.",
                sum(runs, run -> run.spec().batch()));
        families.counter(
                "tokens",
                "Tokens that these steps saw.",
                sum(
                        runs,
                        run -> (double) run.spec().batch() * run.spec().shape().tokens()));
    }

    private static double share(List<RunView> runs) {
        double all = runs.stream().mapToDouble(run -> run.spec().exactFlops()).sum();
        double done = runs.stream()
                .mapToDouble(run -> run.spec().exactFlops() * (run.ended() ? 1 : run.trainedShare()))
                .sum();
        return all > 0 ? done / all : 0;
    }

    private static double sum(List<RunView> runs, ToDoubleFunction<RunView> perStep) {
        return runs.stream()
                .mapToDouble(run -> run.trace().step() * perStep.applyAsDouble(run))
                .sum();
    }

    private static void faults(Families families, StudyView view, FaultCounts faults) {
        families.counter(
                "restarts",
                "Groups that were formed again because something went wrong, by cause.",
                List.copyOf(faults.restarts().entrySet()),
                entry -> Labels.of("cause", entry.getKey().name().toLowerCase(Locale.ROOT)),
                entry -> (double) entry.getValue());
        families.counter("worker_losses", "Workers that were lost before the end.", (double) faults.workerLosses());
        families.counter("failed_attempts", "Attempts of runs that failed and were tried again.", (double)
                faults.failedAttempts());
        families.counter("warnings", "Warnings of the study.", view.warnings().size());
    }

    private static void node(Families families, NodeGauges node) {
        Long journal = node.journalBytes();
        if (journal != null) {
            families.gauge("journal_bytes", "Size of the journal's file.", (double) journal);
        }
        families.gauge("study_folder_free_bytes", "Left on the disk of the study folder.", (double) node.freeBytes());
        families.gauge("coordinator_heap_bytes", "Heap of the coordinator in use.", (double) node.heapBytes());
    }
}
