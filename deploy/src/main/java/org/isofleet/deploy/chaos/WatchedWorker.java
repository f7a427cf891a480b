package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.worker.node.LocalEngines;
import org.isofleet.worker.node.LocalParts;
import org.isofleet.worker.node.WorkerParts;
import org.isofleet.worker.node.WorkerSettings;
import org.isofleet.worker.train.TrainingHost;
import org.isofleet.worker.train.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as it is, but that it tells its steps to a file and flips a bit when told to. What it has written to the file is there whatever
 * kills it; nothing goes through coordinator or network, which are under chaos too.
 */
public final class WatchedWorker {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedWorker.class);
    private static final long LOOK_EVERY_MILLIS = 10;

    private final TraceFile trace;
    private final Path orders;
    private final BitFlips flips;
    private @Nullable HeldState last;

    private WatchedWorker(TraceFile trace, Path orders, BitFlips flips) {
        this.trace = trace;
        this.orders = orders;
        this.flips = flips;
    }

    /**
     * What a watched worker computes with.
     *
     * @param folder where its trace goes and orders lie
     */
    public static WorkerParts parts(WorkerSettings settings, EngineChoice choice, Path folder) throws IOException {
        TraceFile trace = TraceFile.create(folder, settings.workerId());
        BitFlips flips = new BitFlips(trace);
        WatchedWorker watched = new WatchedWorker(trace, FlipOrder.file(folder, settings.workerId()), flips);
        WorkerParts parts = LocalParts.of(settings, choice, flips.around(LocalEngines.of(choice)));
        return new WorkerParts(
                parts.device(),
                parts.kernelClasses(),
                (worker, incarnation, listener) -> watched.watch(worker, incarnation, listener, parts.training()),
                parts.evaluators());
    }

    private TrainingHost watch(
            WorkerSettings settings, long incarnation, TrainingListener listener, WorkerParts.Training training)
            throws IOException {
        TrainingHost host = training.open(settings, incarnation, flips.hearing(listener));
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "watch-" + settings.workerId());
            thread.setDaemon(true);
            return thread;
        });
        trace.write(Sight.idle(System.currentTimeMillis()));
        var unused = looks.scheduleAtFixedRate(
                () -> look(host), LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return flips.knowingGroups(host);
    }

    private void look(TrainingHost host) {
        try {
            HeldState now = host.held();
            if (now == null ? last != null : !now.equals(last)) {
                long millis = System.currentTimeMillis();
                trace.write(
                        now == null
                                ? Sight.idle(millis)
                                : new Sight(
                                        Sight.Kind.HELD, millis, now.runId().value(), now.generation(), now.step()));
                last = now;
            }
            if (Files.exists(orders)) {
                flips.arm(FlipOrder.take(orders));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("what this worker does is not seen: {}", e.toString()); // a full disk; the next look may be
        }
    }
}
