package org.isofleet.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One name of a worker and the process that bears it. */
final class WorkerSlot {
    private static final Logger log = LoggerFactory.getLogger(WorkerSlot.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A process that lived this long had started well; the pauses begin anew. */
    private static final Duration SOUND_LIFE = Duration.ofSeconds(30);

    /** How long a worker may take to hand over what it works at when it is asked to end. */
    static final Duration DRAIN = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String id;
    private final WorkerCommandLine commandLine;
    private final Path output;
    private final Path record;
    private final ScheduledExecutorService timer;

    private @Nullable ProcessHandle process;
    private long startedNanos;
    private int starts;
    private int quickDeaths;
    private boolean stopped;

    WorkerSlot(String id, WorkerCommandLine commandLine, Path output, Path record, ScheduledExecutorService timer) {
        this.id = id;
        this.commandLine = commandLine;
        this.output = output;
        this.record = record;
        this.timer = timer;
    }

    /** Adopts the process that an earlier launcher left, or starts one. One that was started otherwise than it would be now is ended first. */
    synchronized void start() {
        if (stopped) {
            return;
        }
        Optional<ProcessRecord> left = ProcessRecord.read(record);
        Optional<ProcessHandle> alive = left.flatMap(ProcessRecord::process);
        if (alive.isEmpty()) {
            launch();
        } else if (left.get().digest().equals(commandLine.digest(id))) {
            log.info("worker {} still runs as process {}", id, alive.get().pid());
            watch(alive.get());
        } else {
            log.info(
                    "process {} of worker {} was started with other settings; ending it",
                    alive.get().pid(),
                    id);
            watch(alive.get());
            end(alive.get());
        }
    }

    /** Asks a process to end, and brings it about if it does not: one that was stopped hears nothing and would keep its name for ever. */
    private void end(ProcessHandle old) {
        old.destroy();
        var unused = timer.schedule(old::destroyForcibly, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized LocalWorker now() {
        ProcessHandle current = process;
        return new LocalWorker(id, current == null ? 0 : current.pid(), current != null && current.isAlive(), starts);
    }

    private void launch() {
        ProcessBuilder builder = new ProcessBuilder(commandLine.arguments(id));
        builder.environment().putAll(commandLine.environment());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        ProcessHandle started;
        try {
            started = builder.start().toHandle();
        } catch (IOException e) {
            log.warn("worker {} cannot be started: {}", id, e.getMessage());
            launchLater();
            return;
        }
        starts++;
        watch(started);
        try {
            ProcessRecord.of(started, commandLine.digest(id)).write(record);
        } catch (IOException e) {
            log.warn(
                    "worker {} runs as process {}, but this cannot be written down ({}): if this process is killed, end it by hand",
                    id,
                    started.pid(),
                    e.toString());
        }
    }

    private void watch(ProcessHandle started) {
        process = started;
        startedNanos = System.nanoTime();
        var unused = started.onExit().thenRun(() -> ended(started));
    }

    private synchronized void ended(ProcessHandle gone) {
        if (stopped || process == null || !process.equals(gone)) {
            return;
        }
        process = null;
        if (System.nanoTime() - startedNanos > SOUND_LIFE.toNanos()) {
            quickDeaths = 0;
        }
        log.info("worker {} (process {}) ended; its output is in {}", id, gone.pid(), output);
        launchLater();
    }

    private void launchLater() {
        long pause = Math.min(FIRST_PAUSE.toMillis() << Math.min(quickDeaths++, 16), LONGEST_PAUSE.toMillis());
        var unused = timer.schedule(this::start, pause, TimeUnit.MILLISECONDS);
    }

    synchronized void abandon() {
        stopped = true;
        process = null;
    }

    /** Asks the process to end and starts no other. */
    synchronized void stop() {
        stopped = true;
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits for the end of the process, and brings it about when it takes too long. */
    void awaitEnd() {
        ProcessHandle ending;
        synchronized (this) {
            ending = process;
        }
        if (ending != null) {
            try {
                if (!endsWithin(ending, PATIENCE)) {
                    log.warn("worker {} did not end within {} s; killing it", id, PATIENCE.toSeconds());
                    ending.destroyForcibly();
                    endsWithin(ending, PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ending.destroyForcibly();
            }
        }
        try {
            Files.deleteIfExists(record);
        } catch (IOException e) {
            log.debug("a record of no process is left: {}", record, e);
        }
    }

    private static boolean endsWithin(ProcessHandle ending, Duration patience) throws InterruptedException {
        try {
            ending.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process does not fail", e);
        }
    }
}
