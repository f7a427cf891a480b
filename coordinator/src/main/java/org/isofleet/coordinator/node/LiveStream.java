package org.isofleet.coordinator.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.isofleet.metrics.live.LiveEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live events of this process, in order, on one thread of their own: a slow watcher delays other watchers and never an
 * actor; when it is far behind, telemetry is dropped. Who comes late is first told how things stand.
 */
final class LiveStream implements Consumer<LiveEvent>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final int BACKLOG = 10_000;
    private static final int WARNINGS = 200;

    private record Key(String what, Object of) {}

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "isofleet-live");
        created.setDaemon(true);
        return created;
    });
    private final AtomicInteger backlog = new AtomicInteger();
    private final List<Consumer<LiveEvent>> watchers = new ArrayList<>();
    private final Map<Key, LiveEvent> standing = new LinkedHashMap<>();
    private long warnings;

    @Override
    public void accept(LiveEvent event) {
        boolean telemetry = event instanceof LiveEvent.Progress || event instanceof LiveEvent.WorkerSeen;
        if (telemetry && backlog.get() > BACKLOG) {
            return;
        }
        execute(() -> {
            remember(event);
            watchers.forEach(watcher -> show(watcher, event));
        });
    }

    void subscribe(Consumer<LiveEvent> watcher) {
        execute(() -> {
            standing.values().forEach(event -> show(watcher, event));
            watchers.add(watcher);
        });
    }

    /** Completes when every watcher has been shown what came until now. */
    CompletableFuture<Void> flushed() {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        execute(() -> flushed.complete(null));
        return flushed;
    }

    private void execute(Runnable task) {
        backlog.incrementAndGet();
        try {
            thread.execute(() -> {
                backlog.decrementAndGet();
                task.run();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("an event came after the live stream was closed");
        }
    }

    private static void show(Consumer<LiveEvent> watcher, LiveEvent event) {
        try {
            watcher.accept(event);
        } catch (RuntimeException e) {
            LOG.warn("a watcher of the live stream failed: {}", e.getMessage(), e);
        }
    }

    private void remember(LiveEvent event) {
        if (event instanceof LiveEvent.StudyStarted) {
            put(new Key("study", ""), event);
        } else if (event instanceof LiveEvent.StudyAdapted) {
            put(new Key("adapted", event), event);
        } else if (event instanceof LiveEvent.RunChanged changed) {
            put(new Key("run", changed.runId()), event);
        } else if (event instanceof LiveEvent.CheckpointCommitted commit) {
            put(new Key("checkpoint", commit.checkpoint().runId()), event);
        } else if (event instanceof LiveEvent.EvaluationRecorded recorded) {
            put(new Key(recorded.result().kind().name(), recorded.runId()), event);
        } else if (event instanceof LiveEvent.FitsUpdated fits) {
            put(new Key("fits", fits.metric()), event);
        } else if (event instanceof LiveEvent.WorkerSeen seen) {
            put(new Key("worker", seen.workerId()), event);
        } else if (event instanceof LiveEvent.WorkerLost lost) {
            standing.remove(new Key("worker", lost.workerId()));
        } else if (event instanceof LiveEvent.Warning) {
            put(new Key("warning", warnings++ % WARNINGS), event);
        } else if (event instanceof LiveEvent.StudyFinished) {
            put(new Key("finished", ""), event);
        }
    }

    /** The newest event of a kind, in the order in which the newest ones came. */
    private void put(Key key, LiveEvent event) {
        standing.remove(key);
        standing.put(key, event);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
