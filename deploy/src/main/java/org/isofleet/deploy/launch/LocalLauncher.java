package org.isofleet.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps worker processes running on this machine: starts them, starts those anew that die, after growing pauses, and stops them when it
 * is closed. Workers of a launcher that was killed go on; the next launcher of the same folder adopts them instead of starting a second one
 * of the same name.
 */
public final class LocalLauncher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalLauncher.class);

    private final List<WorkerSlot> slots = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "local-launcher");
        thread.setDaemon(true);
        return thread;
    });

    /** An interrupted study takes its workers along; one that is killed leaves them to the next launcher. */
    private final Thread atExit = new Thread(this::end, "local-launcher-exit");

    private LocalLauncher(LocalFleet fleet, WorkerCommandLine commandLine) throws IOException {
        Path logs = Files.createDirectories(fleet.folder().resolve("logs"));
        Path records = Files.createDirectories(fleet.folder().resolve("workers"));
        for (int i = 1; i <= fleet.workers(); i++) {
            String id = "w" + i;
            slots.add(new WorkerSlot(
                    id, commandLine, logs.resolve(id + ".log"), records.resolve(id + ".process"), timer));
        }
    }

    /**
     * Starts or adopts all workers of a fleet; returns without waiting for them to register.
     *
     * @throws InvalidSpecException when the folder cannot be written to; the message is one line with the mend
     */
    public static LocalLauncher start(LocalFleet fleet) {
        return start(fleet, IsofleetCommandLine.MAIN_CLASS);
    }

    static LocalLauncher start(LocalFleet fleet, String mainClass) {
        LocalLauncher launcher;
        try {
            launcher = new LocalLauncher(fleet, new WorkerCommandLine(fleet, mainClass));
        } catch (IOException e) {
            throw new InvalidSpecException("cannot write to " + fleet.folder() + " (" + e.getMessage()
                    + "): choose a folder that can be written to with --out");
        }
        Runtime.getRuntime().addShutdownHook(launcher.atExit);
        launcher.slots.forEach(WorkerSlot::start);
        return launcher;
    }

    /** The workers in order of their names. */
    public List<LocalWorker> workers() {
        return slots.stream().map(WorkerSlot::now).toList();
    }

    /** Leaves the workers to themselves, as when this process is killed. */
    void abandon() {
        forgetExit();
        timer.shutdownNow();
        slots.forEach(WorkerSlot::abandon);
    }

    /** Asks all workers to end, waits for a few seconds, then ends those that are left. */
    @Override
    public void close() {
        forgetExit();
        end();
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            log.debug("the process ends already", e);
        }
    }

    private void end() {
        slots.forEach(WorkerSlot::stop);
        slots.forEach(WorkerSlot::awaitEnd);
        timer.shutdownNow();
    }
}
