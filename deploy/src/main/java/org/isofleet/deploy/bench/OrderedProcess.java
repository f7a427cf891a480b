package org.isofleet.deploy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that says {@code ready NAME}, then takes orders and answers, a line each. If it ends early, it is quoted with the reason. */
final class OrderedProcess implements AutoCloseable {
    private final Process process;
    private final LastWords lastWords;
    private final BufferedReader answers;
    private final PrintStream orders;
    private final String name;

    /**
     * Starts a process and waits until it is ready.
     *
     * @param command program and arguments
     * @param environment variables that it has besides those of this process
     */
    OrderedProcess(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.start();
        lastWords = new LastWords(process);
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        String line = answer();
        while (!line.startsWith(StepOrders.READY)) {
            line = answer();
        }
        name = line.substring(StepOrders.READY.length());
    }

    /** What it calls itself. */
    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    void order(String line) {
        orders.println(line);
    }

    String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("a benchmarked process ended early: " + lastWords.get());
        }
        return line;
    }

    @Override
    public void close() {
        orders.close();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
