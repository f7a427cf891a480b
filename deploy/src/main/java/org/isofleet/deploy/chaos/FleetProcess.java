package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process of a study under chaos: whenever it ends it is started again, as by a supervisor that knows nothing of faults. */
final class FleetProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FleetProcess.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path output;
    private final Path errors;
    private final ScheduledExecutorService timer;

    private @Nullable ProcessHandle process;
    private Duration away = PAUSE;
    private boolean killed;
    private boolean held;
    private boolean endedByItself;
    private boolean closed;

    /**
     * A process that is not started yet.
     *
     * @param output of all its starts, one after the other
     * @param errors in the same way
     */
    FleetProcess(
            List<String> command,
            Map<String, String> environment,
            Path output,
            Path errors,
            ScheduledExecutorService timer) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.output = output;
        this.errors = errors;
        this.timer = timer;
    }

    synchronized void start() {
        held = false;
        if (closed) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(environment);
        try {
            ProcessHandle started = builder.start().toHandle();
            process = started;
            var unused = started.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            LOG.warn("{} cannot be started: {}", command.get(0), e.toString());
            startLater(PAUSE);
        }
    }

    private synchronized void ended(ProcessHandle gone) {
        if (gone.equals(process)) {
            process = null;
            endedByItself |= !killed;
            if (!held) {
                startLater(away);
            }
            away = PAUSE;
            killed = false;
        }
    }

    private void startLater(Duration pause) {
        if (!closed) {
            var unused = timer.schedule(this::start, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    synchronized Optional<ProcessHandle> alive() {
        return Optional.ofNullable(process).filter(ProcessHandle::isAlive);
    }

    /** Whether it has ever ended without having been killed. */
    synchronized boolean hasEndedByItself() {
        return endedByItself;
    }

    /** Kills it with SIGKILL; whether it lived. It is started again after {@code pause}. */
    synchronized boolean kill(Duration pause) {
        Optional<ProcessHandle> victim = alive();
        victim.ifPresent(handle -> {
            away = pause;
            killed = true;
            handle.destroyForcibly();
        });
        return victim.isPresent();
    }

    /** Kills it with SIGKILL; whether it lived. It stays away until it is {@linkplain #start() started}. */
    synchronized boolean killAndHold() {
        boolean lived = kill(PAUSE);
        held = lived;
        return lived;
    }

    /** Sends a signal by its name, as STOP or CONT; whether there was a process that heard it. */
    boolean signal(String name) throws InterruptedException {
        Optional<ProcessHandle> hearer = alive();
        try {
            if (hearer.isPresent()) {
                SystemCommand.run("kill", "-" + name, Long.toString(hearer.get().pid()));
            }
            return hearer.isPresent();
        } catch (IOException e) {
            LOG.debug("it has just ended", e);
            return false;
        }
    }

    /** Kills it for good. */
    @Override
    public void close() {
        Optional<ProcessHandle> left;
        synchronized (this) {
            closed = true;
            left = alive();
        }
        left.ifPresent(handle -> {
            handle.destroyForcibly();
            handle.onExit()
                    .completeOnTimeout(handle, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        });
    }
}
