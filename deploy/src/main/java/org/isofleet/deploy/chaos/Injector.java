package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.group.CheckpointRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings faults about. What lasts for a while is ended by a timer, so that faults may meet. */
final class Injector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Injector.class);

    /** A slow worker stands still for most of the time. */
    private static final Duration STOPPED = Duration.ofMillis(150);

    private static final Duration RUNNING = Duration.ofMillis(50);

    private final Fleet fleet;
    private final Surroundings surroundings;
    private final CheckpointDamage checkpoints;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "chaos-injector");
        thread.setDaemon(true);
        return thread;
    });

    Injector(Fleet fleet, Surroundings surroundings, CheckpointDamage checkpoints) {
        this.fleet = fleet;
        this.surroundings = surroundings;
        this.checkpoints = checkpoints;
    }

    private interface Act {
        void act() throws IOException, InterruptedException;
    }

    /**
     * Brings a fault about if it can be now.
     *
     * @param traces what workers have told so far
     * @return whether it could be: its victim lives, and there is a checkpoint to damage
     */
    boolean inject(Fault fault, List<Trace> traces) throws IOException, InterruptedException {
        if (fault instanceof Fault.Kill kill) {
            return fleet.worker(kill.worker()).kill(Duration.ZERO);
        } else if (fault instanceof Fault.Hang hang) {
            return hang(fleet.worker(hang.worker()), hang.length());
        } else if (fault instanceof Fault.Slow slow) {
            return slow(
                    fleet.worker(slow.worker()),
                    System.nanoTime() + slow.length().toNanos());
        } else if (fault instanceof Fault.Partition partition) {
            surroundings.network().cut(partition.worker());
            after(partition.length(), () -> surroundings.network().heal(partition.worker()));
            return true;
        } else if (fault instanceof Fault.Flip flip) {
            FlipOrder.give(flipOrder(flip), flip.key());
            return true;
        } else if (fault instanceof Fault.Corrupt corrupt) {
            return damage(traces, checkpoint -> checkpoints.corrupt(checkpoint, corrupt.key()));
        } else if (fault instanceof Fault.Truncate truncate) {
            return damage(traces, checkpoint -> checkpoints.truncate(checkpoint, truncate.key()));
        } else if (fault instanceof Fault.FullDisk full) {
            surroundings.disk().fill();
            after(full.length(), () -> surroundings.disk().free());
            return true;
        } else if (fault instanceof Fault.KillCoordinator kill) {
            return fleet.coordinator().kill(kill.away());
        }
        fleet.coordinator().kill(Duration.ZERO);
        return killWorkers();
    }

    /** The order that makes a worker flip a bit; gone when the worker has heard of it. */
    Path flipOrder(Fault.Flip flip) {
        return FlipOrder.file(fleet.place().watched(), "w" + (flip.worker() + 1));
    }

    private boolean killWorkers() {
        return fleet.workers().stream()
                        .filter(worker -> worker.kill(Duration.ZERO))
                        .count()
                > 0;
    }

    private boolean hang(FleetProcess worker, Duration length) throws InterruptedException {
        boolean stopped = worker.signal("STOP");
        after(length, () -> worker.signal("CONT"));
        return stopped;
    }

    private boolean slow(FleetProcess worker, long untilNanos) throws InterruptedException {
        boolean stopped = hang(worker, STOPPED);
        after(STOPPED.plus(RUNNING), () -> {
            if (System.nanoTime() < untilNanos) {
                slow(worker, untilNanos);
            }
        });
        return stopped;
    }

    private interface Damage {
        void to(CheckpointRef checkpoint) throws IOException;
    }

    /** Damages the newest checkpoint of the run that was last seen to train, then kills those who hold it in memory. */
    private boolean damage(List<Trace> traces, Damage damage) throws IOException {
        Optional<Sight> training = traces.stream()
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.kind() == Sight.Kind.HELD)
                .max(Comparator.comparingLong(Sight::atMillis));
        Optional<CheckpointRef> newest = training.isEmpty()
                ? Optional.empty()
                : checkpoints.newest(training.get().run());
        if (newest.isEmpty()) {
            return false;
        }
        try {
            damage.to(newest.get());
        } catch (NoSuchFileException e) {
            return false; // a newer one has taken its place
        }
        return killWorkers();
    }

    private void after(Duration pause, Act act) {
        var unused = timer.schedule(
                () -> {
                    try {
                        act.act();
                    } catch (IOException | InterruptedException e) {
                        LOG.warn("a fault could not be ended: {}", e.toString());
                    }
                },
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Withdraws what was ordered and not yet done. */
    void withdraw(Fault.Flip flip) throws IOException {
        Files.deleteIfExists(flipOrder(flip));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
