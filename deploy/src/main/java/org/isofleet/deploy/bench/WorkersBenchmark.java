package org.isofleet.deploy.bench;

import static org.isofleet.deploy.bench.BenchAnswer.median;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.deploy.launch.CoreSets;

/**
 * Two workers of one thread each against one alone, by turns, on the same run: what data-parallel training brings here. A last
 * turn has both train runs of their own at the same time, without exchange: what two cores of this machine can bring at most, since they share
 * caches, memory and clock. One alone is the mean of either, for cores need not be equally fast; times are medians over the steps of a turn, for
 * what interrupts one member interrupts the group, and a benchmark is not to tell what else the machine did.
 */
final class WorkersBenchmark {
    private static final TrainShape SHAPE = TrainShape.named("M");

    /** Few, so that the turns of a round meet the same machine, whose cores at times differ by a quarter for seconds. */
    private static final int STEPS = 40;

    /** Turns before the first that counts: until then the compiler works beside. */
    private static final int WARM_UP_TURNS = 9;

    private final int rounds;
    private long run;

    WorkersBenchmark(int rounds) {
        this.rounds = rounds;
    }

    BenchAnswer run() throws IOException {
        try (Worker first = new Worker(0);
                Worker second = new Worker(1)) {
            for (int i = 0; i < WARM_UP_TURNS; i++) {
                turn(List.of(List.of(first), List.of(second)));
                turn(List.of(List.of(first, second)));
            }
            List<Double> ratios = new ArrayList<>();
            List<Double> shares = new ArrayList<>();
            List<Double> alone = new ArrayList<>();
            List<Double> together = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                double two = turn(List.of(List.of(first, second)));
                double one = (turn(List.of(List.of(first))) + turn(List.of(List.of(second)))) / 2;
                double apart = turn(List.of(List.of(first), List.of(second)));
                alone.add(1e3 * one);
                together.add(1e3 * two);
                ratios.add(one / two);
                shares.add(apart / 2 / two);
            }
            BenchAnswer.Case row = new BenchAnswer.Case(
                    SHAPE.name() + " x 2 workers",
                    BenchAnswer.Ratio.of(ratios),
                    median(together),
                    median(alone),
                    "ms/step",
                    "one worker of one thread; ceiling: two workers with a run each",
                    median(shares),
                    null,
                    null,
                    null);
            return new BenchAnswer("bench/1", "workers", List.of(row), Machine.describe(), Map.of("ours", "dl4j"));
        }
    }

    /** Has groups train a run each at the same time; the median seconds of a step, the mean over the groups. */
    private double turn(List<List<Worker>> groups) throws IOException {
        for (List<Worker> group : groups) {
            StringBuilder order = new StringBuilder().append(++run).append(' ').append(STEPS);
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
        double sum = 0;
        for (Worker worker : all) {
            sum += Double.parseDouble(worker.process.answer());
        }
        return sum / groups.size();
    }

    private static final class Worker implements AutoCloseable {
        private final OrderedProcess process;
        private final String id;

        Worker(int number) throws IOException {
            this.id = "w" + number;
            List<String> command =
                    new ArrayList<>(CoreSets.ofThisProcess().prefix(number, 2, 1)); // as the launcher does
            command.addAll(OwnProcess.command(GroupMember.class, List.of(SHAPE.name(), id)));
            process = new OrderedProcess(command, Map.of());
        }

        /** As other members dial it. */
        String address() {
            return id + "@" + process.name();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
