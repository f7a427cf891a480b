package org.isofleet.deploy.bench;

import static org.isofleet.deploy.bench.BenchAnswer.median;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two workers of one thread each against one of them alone, by turns, on the same run: what data-parallel training brings here. */
final class WorkersBenchmark {
    private static final TrainShape SHAPE = TrainShape.named("M");
    private static final int STEPS = 40;

    private final int rounds;
    private long run;

    WorkersBenchmark(int rounds) {
        this.rounds = rounds;
    }

    BenchAnswer run() throws IOException {
        try (Worker first = new Worker("w0");
                Worker second = new Worker("w1")) {
            train(first);
            train(first, second);
            List<Double> ratios = new ArrayList<>();
            List<Double> alone = new ArrayList<>();
            List<Double> together = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                double one = train(first);
                double two = train(first, second);
                alone.add(1e3 * one / STEPS);
                together.add(1e3 * two / STEPS);
                ratios.add(one / two);
            }
            BenchAnswer.Case row = new BenchAnswer.Case(
                    SHAPE.name() + " x 2 workers",
                    BenchAnswer.Ratio.of(ratios),
                    median(together),
                    median(alone),
                    "ms/step",
                    "one worker of one thread",
                    null,
                    null,
                    null,
                    null);
            return new BenchAnswer("bench/1", "workers", List.of(row), Machine.describe(), Map.of("ours", "dl4j"));
        }
    }

    /** Seconds of a run by these workers, as the first one tells. */
    private double train(Worker... workers) throws IOException {
        StringBuilder order = new StringBuilder().append(++run).append(' ').append(STEPS);
        for (Worker worker : workers) {
            order.append(' ').append(worker.port);
        }
        for (Worker worker : workers) {
            worker.orders.println(order);
        }
        for (Worker worker : workers) {
            worker.answer(); // prepared: connections are made at the start, when all must be
        }
        for (Worker worker : workers) {
            worker.orders.println("start");
        }
        double slowest = 0;
        for (Worker worker : workers) {
            slowest = Math.max(slowest, Double.parseDouble(worker.answer()));
        }
        return slowest;
    }

    private static final class Worker implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final PrintStream orders;
        private final int port;

        Worker(String id) throws IOException {
            process = new ProcessBuilder(OwnProcess.command(GroupMember.class, List.of(SHAPE.name(), id)))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            String line = answer();
            while (!line.startsWith(StepOrders.READY)) {
                line = answer();
            }
            port = Integer.parseInt(line.substring(StepOrders.READY.length()));
        }

        String answer() throws IOException {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("a benchmarked worker ended early");
            }
            return line;
        }

        @Override
        public void close() {
            orders.close();
            process.destroy();
        }
    }
}
