package org.isofleet.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that trains steps when told to ({@link StepOrders}). */
final class SteppedProcess implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;

    private final OrderedProcess process;

    /**
     * Starts a process and waits until it is ready.
     *
     * @param command program and arguments
     * @param ompThreads OpenMP threads that its libraries may use
     */
    SteppedProcess(List<String> command, int ompThreads) throws IOException {
        process = new OrderedProcess(
                command, Map.of("OMP_NUM_THREADS", Integer.toString(ompThreads), "OPENBLAS_NUM_THREADS", "1"));
    }

    /** What it calls itself. */
    String name() {
        return process.name();
    }

    /** Trains that many steps; seconds of each. */
    List<Double> steps(int count) throws IOException {
        process.order(Integer.toString(count));
        List<Double> seconds = new ArrayList<>();
        for (String word : process.answer().strip().split(" ")) {
            seconds.add(Double.parseDouble(word));
        }
        if (seconds.size() != count) {
            throw new IOException(name() + " answered with " + seconds.size() + " steps, not " + count);
        }
        return seconds;
    }

    /** Memory that it holds in RAM. */
    long residentBytes() throws IOException {
        String statm = Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm"));
        return Long.parseLong(statm.split(" ")[1]) * PAGE_BYTES;
    }

    @Override
    public void close() {
        process.close();
    }
}
