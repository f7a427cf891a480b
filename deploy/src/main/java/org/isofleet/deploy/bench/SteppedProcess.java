package org.isofleet.deploy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that trains steps when told to ({@link StepOrders}). */
final class SteppedProcess implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;

    private final Process process;
    private final LastWords lastWords;
    private final BufferedReader answers;
    private final PrintStream orders;
    private final String name;

    /**
     * Starts a process and waits until it is ready.
     *
     * @param command program and arguments
     * @param ompThreads OpenMP threads that its libraries may use
     */
    SteppedProcess(List<String> command, int ompThreads) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(ompThreads));
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
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

    /** Trains that many steps; seconds of each. */
    List<Double> steps(int count) throws IOException {
        orders.println(count);
        List<Double> seconds = new ArrayList<>();
        for (String word : answer().strip().split(" ")) {
            seconds.add(Double.parseDouble(word));
        }
        if (seconds.size() != count) {
            throw new IOException(name + " answered with " + seconds.size() + " steps, not " + count);
        }
        return seconds;
    }

    /** Memory that it holds in RAM. */
    long residentBytes() throws IOException {
        String statm = Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm"));
        return Long.parseLong(statm.split(" ")[1]) * PAGE_BYTES;
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("a benchmarked process ended early: " + lastWords.get());
        }
        return line;
    }

    @Override
    public void close() {
        orders.close();
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
