package org.isofleet.deploy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.isofleet.deploy.launch.CoreSets;

/** Worker processes of one thread each, each on a core as the launcher has it, that train benchmark runs as one group or as several. */
final class BenchGroup implements AutoCloseable {
    private final List<Worker> workers = new ArrayList<>();
    private long run;

    BenchGroup(TrainShape shape, int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                workers.add(new Worker(shape, i, count));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Seconds of a step, the mean over the groups that train at the same time.
     *
     * @param median over the steps of each: what it takes undisturbed
     * @param mean over the steps of each: with all that comes between
     */
    record Seconds(double median, double mean) {}

    /** All of the workers train one run. */
    Seconds together(long steps, long checkpointEvery) throws IOException {
        return turn(List.of(workers), steps, checkpointEvery);
    }

    /** One worker trains a run while the others rest. */
    Seconds alone(int worker, long steps) throws IOException {
        return turn(List.of(List.of(workers.get(worker))), steps, steps);
    }

    /** Every worker trains a run of its own at the same time. */
    Seconds apart(long steps) throws IOException {
        return turn(workers.stream().map(List::of).toList(), steps, steps);
    }

    private Seconds turn(List<List<Worker>> groups, long steps, long checkpointEvery) throws IOException {
        for (List<Worker> group : groups) {
            StringBuilder order = new StringBuilder();
            order.append(++run).append(' ').append(steps).append(' ').append(checkpointEvery);
            group.forEach(member -> order.append(' ').append(member.address()));
            group.forEach(member -> member.process.order(order.toString()));
        }
        List<Worker> all = groups.stream().flatMap(List::stream).toList();
        for (Worker worker : all) {
            worker.process.answer(); // prepared: connections are made at the start, when all must be
        }
        for (Worker worker : all) {
            worker.process.order("start");
        }
        double[] sums = new double[2];
        for (Worker worker : all) {
            String[] answer = worker.process.answer().split(" ");
            IntStream.range(0, sums.length).forEach(i -> sums[i] += Double.parseDouble(answer[i]));
        }
        return new Seconds(sums[0] / groups.size(), sums[1] / groups.size());
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.process.close());
    }

    private static final class Worker {
        private final OrderedProcess process;
        private final String id;

        Worker(TrainShape shape, int number, int count) throws IOException {
            this.id = "w" + number;
            List<String> command =
                    new ArrayList<>(CoreSets.ofThisProcess().prefix(number, count, 1)); // as the launcher does
            command.addAll(OwnProcess.command(GroupMember.class, List.of(shape.name(), id)));
            process = new OrderedProcess(command, Map.of());
        }

        /** As other members dial it. */
        String address() {
            return id + "@" + process.name();
        }
    }
}
