package org.isofleet.deploy.hosts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's own ssh program, with the user's keys and configuration: who may log in, and which host is trusted, is none of our business. It
 * asks nothing, for many run at once.
 *
 * @param config a configuration file in place of the user's; null for that
 */
public record Ssh(@Nullable Path config) {
    private static final Logger LOG = LoggerFactory.getLogger(Ssh.class);
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final long MILLIS_TO_END = 2_000;

    /** What ssh returns when it has not run anything. */
    static final int OF_SSH_ITSELF = 255;

    /**
     * What came of it.
     *
     * @param code exit code there, or {@link #OF_SSH_ITSELF}
     */
    record Answer(int code, List<String> lines, List<String> errors) {}

    /** Program and arguments that run a command, in words of the shell there. */
    List<String> command(Host host, String there) {
        List<String> command = new ArrayList<>(List.of("ssh", "-T"));
        if (config != null) {
            command.addAll(List.of("-F", config.toString()));
        }
        command.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=10"));
        command.addAll(List.of("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"));
        command.addAll(List.of("--", host.ssh(), there));
        return command;
    }

    /**
     * Has a POSIX shell there carry out a script.
     *
     * @throws HostTrouble when it is not reached, or not in time
     */
    Answer script(Host host, String script, Duration patience) throws HostTrouble {
        return run(host, List.of(new ProcessBuilder(command(host, "exec sh -s"))), script, patience);
    }

    /** Sends what a program here writes to a command there. */
    Answer pipe(Host host, List<String> program, String there, Duration patience) throws HostTrouble {
        return run(host, List.of(new ProcessBuilder(program), new ProcessBuilder(command(host, there))), "", patience);
    }

    private static Answer run(Host host, List<ProcessBuilder> pipeline, String input, Duration patience)
            throws HostTrouble {
        List<Process> processes = List.of();
        try {
            processes = ProcessBuilder.startPipeline(pipeline);
            Process last = processes.get(processes.size() - 1);
            Reading lines = Reading.of(last.getInputStream());
            Reading errors = Reading.of(last.getErrorStream());
            try (OutputStream in = processes.get(0).getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                LOG.debug("it has ended before it had read all; its exit code and its words say why", e);
            }
            if (!last.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new HostTrouble(
                        host,
                        "it did not answer within " + patience.toSeconds()
                                + " s: look whether the machine and its disk are well, and try again");
            }
            Answer answer = new Answer(last.exitValue(), lines.all(), errors.all());
            if (answer.code() == OF_SSH_ITSELF) {
                throw HostTrouble.ofSsh(host, answer.errors());
            }
            return answer;
        } catch (IOException e) {
            throw new HostTrouble(
                    host, "ssh cannot be run here (" + e.getMessage() + "): install an OpenSSH client and tar");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostTrouble(host, "interrupted");
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    /**
     * Runs a command there, to its end.
     *
     * @param input of it
     * @param line hears each line that it writes
     * @return its exit code
     */
    int run(Host host, String there, String input, Consumer<String> line) throws HostTrouble {
        Process process = null;
        try {
            process = new ProcessBuilder(command(host, there))
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
                reader.lines().forEach(line);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw new HostTrouble(host, "ssh cannot be run here (" + e.getMessage() + "): install an OpenSSH client");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostTrouble(host, "interrupted");
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** A stream that is read while the process runs, up to a bound. */
    private static final class Reading {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        private Reading(InputStream stream) {
            thread = new Thread(() -> read(stream), "ssh-output");
            thread.setDaemon(true);
        }

        static Reading of(InputStream stream) {
            Reading reading = new Reading(stream);
            reading.thread.start();
            return reading;
        }

        private void read(InputStream stream) {
            byte[] buffer = new byte[8192];
            try (stream) {
                for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                    if (bytes.size() < LONGEST_ANSWER) {
                        bytes.write(buffer, 0, read);
                    }
                }
            } catch (IOException e) {
                LOG.debug("the process was ended while it was read", e);
            }
        }

        /** All lines; a connection that is kept for others may hold the stream open, and is not waited for. */
        List<String> all() throws InterruptedException {
            thread.join(MILLIS_TO_END);
            return bytes.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }
}
