package org.isofleet.worker.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.exchange.SumOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Workers with real bulk ports in one process, and what is done to a group of them: the ground of the tests of groups. */
abstract class GroupGround {
    static final byte[] SECRET = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path store = Path.of("");

    final List<Worker> workers = new ArrayList<>();

    /** A worker of the test: a host with its own bulk port and what it reported. */
    final class Worker {
        final String id;
        final RecordedReports reports = new RecordedReports();
        final LocalTrainingHost host;

        Worker(String id, byte[] secret, SumOrder order) throws IOException {
            this(id, secret, order, (shape, lanes, images) -> new BigramEngine(shape, lanes));
        }

        Worker(String id, byte[] secret, SumOrder order, EngineFactory engines) throws IOException {
            this.id = id;
            host = new LocalTrainingHost(
                    id,
                    1,
                    "127.0.0.1",
                    0,
                    new BulkCredentials(secret, null),
                    engines,
                    (reference, shape) -> SmallRuns.images(),
                    1,
                    reports,
                    CheckpointRoutes.local(),
                    order);
            workers.add(this);
        }

        Worker(String id) throws IOException {
            this(id, SECRET, SumOrder.TREE);
        }

        Member member() {
            return new Member(id, 1, host.bulkAddress());
        }
    }

    @AfterEach
    void close() {
        workers.forEach(w -> w.host.close());
    }

    GroupPlan plan(RunSpec spec, long generation, Worker... members) {
        return new GroupPlan(
                spec, generation, Arrays.stream(members).map(Worker::member).toList(), store.toString());
    }

    static void begin(GroupPlan plan, StartPoint from, Worker... members) {
        for (Worker member : members) {
            int before = member.reports.reports.size();
            member.host.prepare(plan);
            member.reports.await(RunReport.GroupPrepared.class, before);
        }
        for (Worker member : members) {
            member.host.start(plan.spec().id(), plan.generation(), from);
        }
    }

    RunReport.TrainingFinished train(RunSpec spec, Worker... members) {
        begin(plan(spec, 1, members), new StartPoint.Fresh(), members);
        return members[0].reports.await(RunReport.TrainingFinished.class);
    }

    /** Prepares a group whose members hold different steps, or nothing, and starts it at the highest; returns its first member. */
    Worker regroup(RunSpec spec, long generation, Worker... members) {
        GroupPlan plan = plan(spec, generation, members);
        StartPoint.FromMember from = null;
        for (Worker member : members) {
            int before = member.reports.reports.size();
            member.host.prepare(plan);
            HeldState held =
                    member.reports.await(RunReport.GroupPrepared.class, before).held();
            if (held != null && (from == null || held.step() > from.step())) {
                from = new StartPoint.FromMember(member.id, held.step(), held.stateHash());
            }
        }
        for (Worker member : members) {
            member.host.start(spec.id(), generation, Objects.requireNonNull(from));
        }
        return members[0];
    }

    Worker[] group(String name, int members) throws IOException {
        Worker[] group = new Worker[members];
        for (int i = 0; i < members; i++) {
            group[i] = new Worker(name + i);
        }
        return group;
    }

    static HeldState heldBy(Worker worker, int from) {
        return Objects.requireNonNull(
                worker.reports.await(RunReport.GroupPrepared.class, from).held());
    }

    static void awaitStep(Worker worker, long step) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
            HeldState held = worker.host.held();
            return held != null && held.step() >= step;
        });
    }
}
