package org.isofleet.deploy.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.train.LocalTrainingHost;
import org.isofleet.worker.train.TrainingListener;

/**
 * A worker of one thread for the group benchmark. Its first line tells its bulk port. An order {@code RUN STEPS EVERY ID@PORT...} prepares
 * a run with those workers as members, and a checkpoint every so many steps, and is answered when this one is prepared; the next line starts it, and
 * is answered with the median and the mean seconds of a step by the first member, and at once with zeros by the others, who hear of no end.
 */
final class GroupMember implements TrainingListener {
    private final BlockingQueue<RunReport> reports = new LinkedBlockingQueue<>();
    private final List<Double> steps = Collections.synchronizedList(new ArrayList<>());

    private GroupMember() {}

    public static void main(String[] arguments) throws Exception {
        TrainShape shape = TrainShape.named(arguments[0]);
        String id = arguments[1];
        Path folder = ScratchFolder.create();
        GroupMember member = new GroupMember();
        try (LocalTrainingHost host = new LocalTrainingHost(
                id,
                1,
                "127.0.0.1",
                new byte[32],
                Dl4jEngine.factory(),
                (ref, model) -> BenchRun.images(shape),
                1,
                member)) {
            System.out.println(StepOrders.READY + host.bulkAddress().port());
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                GroupPlan plan = plan(shape, line.strip().split(" "), folder);
                host.prepare(plan);
                member.await(RunReport.GroupPrepared.class, plan);
                System.out.println("prepared");
                orders.readLine();
                host.start(plan.spec().id(), 1, new StartPoint.Fresh());
                System.out.println(plan.indexOf(id) == 0 ? member.seconds(plan) : "0 0");
                ScratchFolder.clear(folder); // nobody collects checkpoints here
            }
        }
    }

    private static GroupPlan plan(TrainShape shape, String[] order, Path folder) {
        RunSpec spec =
                BenchRun.spec(shape, Long.parseLong(order[0]), Long.parseLong(order[1]), Long.parseLong(order[2]));
        List<Member> members = new ArrayList<>();
        for (int i = 3; i < order.length; i++) {
            String[] worker = order[i].split("@");
            members.add(new Member(worker[0], 1, new BulkAddress("127.0.0.1", Integer.parseInt(worker[1]))));
        }
        return new GroupPlan(spec, 1, members, folder.toString());
    }

    /** Median over the steps of the run, and its whole time over their number, once it has ended; the last are told before its end is. */
    private String seconds(GroupPlan plan) throws InterruptedException {
        double mean = await(RunReport.TrainingFinished.class, plan).seconds()
                / plan.spec().steps();
        double median = BenchAnswer.median(List.copyOf(steps));
        steps.clear();
        return median + " " + mean;
    }

    /** The next report of a kind about this run; one that tells of a failure ends the benchmark. */
    private <R extends RunReport> R await(Class<R> kind, GroupPlan plan) throws InterruptedException {
        while (true) {
            RunReport report = reports.take();
            if (!report.runId().equals(plan.spec().id())) {
                continue;
            }
            if (kind.isInstance(report)) {
                return kind.cast(report);
            }
            if (report instanceof RunReport.TrainingFailed
                    || report instanceof RunReport.StatesDiffer
                    || report instanceof RunReport.PeerLost) {
                throw new IllegalStateException("the group broke: " + report);
            }
        }
    }

    @Override
    public void report(RunReport report) {
        reports.add(report);
    }

    @Override
    public void steps(RunId runId, long generation, List<StepMetrics> done, double tokensPerSecond) {
        done.forEach(step -> steps.add(step.seconds()));
    }
}
