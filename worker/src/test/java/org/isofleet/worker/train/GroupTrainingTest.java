package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.exchange.SumOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTrainingTest {
    private static final byte[] SECRET = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path store;

    private final List<Worker> workers = new ArrayList<>();

    /** A worker of the test: a host with its own bulk port and what it reported. */
    private final class Worker {
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

    private GroupPlan plan(RunSpec spec, long generation, Worker... members) {
        return new GroupPlan(
                spec,
                generation,
                java.util.Arrays.stream(members).map(Worker::member).toList(),
                store.toString());
    }

    private static void begin(GroupPlan plan, StartPoint from, Worker... members) {
        for (Worker member : members) {
            int before = member.reports.reports.size();
            member.host.prepare(plan);
            member.reports.await(RunReport.GroupPrepared.class, before);
        }
        for (Worker member : members) {
            member.host.start(plan.spec().id(), plan.generation(), from);
        }
    }

    private RunReport.TrainingFinished train(RunSpec spec, Worker... members) {
        begin(plan(spec, 1, members), new StartPoint.Fresh(), members);
        return members[0].reports.await(RunReport.TrainingFinished.class);
    }

    @Test
    void digest_twoAndThreeMembers_equalsOneMember() throws IOException {
        RunSpec spec = SmallRuns.spec(25, 8);
        RunReport.TrainingFinished one = train(spec, new Worker("a"));
        RunReport.TrainingFinished two = train(spec, new Worker("b"), new Worker("c"));
        RunReport.TrainingFinished three = train(spec, new Worker("d"), new Worker("e"), new Worker("f"));

        assertThat(two.checkpoint()).isEqualTo(one.checkpoint());
        assertThat(three.checkpoint()).isEqualTo(one.checkpoint());
        assertThat(List.of(two.chain(), three.chain())).containsOnly(one.chain());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 7, 8})
    void digest_isThatOfAnyNumberOfMembers(int members) throws IOException {
        RunSpec spec = SmallRuns.spec(12, 8);
        RunReport.TrainingFinished four = train(spec, group("four", 4));
        assertThat(train(spec, group("some", members)).chain()).isEqualTo(four.chain());
    }

    @Test
    void run_thatGrowsAndShrinks_keepsItsBitsAndReadsNoCheckpoint() throws IOException {
        RunSpec spec = SmallRuns.spec(600, 8);
        RunReport.TrainingFinished quiet = train(spec, new Worker("quiet"));

        Worker[] w = group("w", 5);
        begin(plan(spec, 1, w[0]), new StartPoint.Fresh(), w[0]);
        awaitStep(w[0], 20);
        regroup(spec, 2, w[0], w[1], w[2]);
        awaitStep(w[2], 40);
        regroup(spec, 3, w[1], w[0], w[3], w[2], w[4]);
        awaitStep(w[4], 60);
        w[1].host.close(); // the first member, which writes checkpoints, and another
        w[2].host.close();
        RunReport.TrainingFinished finished =
                regroup(spec, 4, w[4], w[0]).reports.await(RunReport.TrainingFinished.class);
        assertThat(finished.checkpoint()).isEqualTo(quiet.checkpoint());
        assertThat(finished.chain()).isEqualTo(quiet.chain());
        assertThat(workers.stream().flatMap(worker -> worker.reports.reports.stream()))
                .noneMatch(r -> r instanceof RunReport.GroupRunning running && running.readCheckpoint());
    }

    /** Prepares a group whose members hold different steps, or nothing, and starts it at the highest; returns its first member. */
    private Worker regroup(RunSpec spec, long generation, Worker... members) {
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

    private Worker[] group(String name, int members) throws IOException {
        Worker[] group = new Worker[members];
        for (int i = 0; i < members; i++) {
            group[i] = new Worker(name + i);
        }
        return group;
    }

    @Test
    void digest_ofTheRealModel_isTheSameForOneAndTwoMembers() throws IOException {
        RunSpec spec = SmallRuns.spec(12, 4);
        RunReport.TrainingFinished one = train(spec, new Worker("a", SECRET, SumOrder.TREE, Dl4jEngine.factory()));
        RunReport.TrainingFinished two = train(
                spec,
                new Worker("b", SECRET, SumOrder.TREE, Dl4jEngine.factory()),
                new Worker("c", SECRET, SumOrder.TREE, Dl4jEngine.factory()));

        assertThat(two.checkpoint()).isEqualTo(one.checkpoint());
        assertThat(two.chain()).isEqualTo(one.chain());
    }

    @Test
    void digest_summedInOrderOfArrival_differs() throws IOException {
        RunSpec spec = SmallRuns.spec(25, 8);
        RunReport.TrainingFinished tree = train(spec, new Worker("a"), new Worker("b"));
        RunReport.TrainingFinished arrival =
                train(spec, new Worker("c", SECRET, SumOrder.ARRIVAL), new Worker("d", SECRET, SumOrder.ARRIVAL));

        assertThat(arrival.checkpoint().digest()).isNotEqualTo(tree.checkpoint().digest());
    }

    @Test
    void run_memberDiesMidway_goesOnFromTheSurvivorWithoutReadingACheckpoint() throws IOException {
        RunSpec spec = SmallRuns.spec(400, 8);
        RunReport.TrainingFinished quiet = train(spec, new Worker("quiet"));

        Worker a = new Worker("a");
        Worker b = new Worker("b");
        begin(plan(spec, 1, a, b), new StartPoint.Fresh(), a, b);
        awaitStep(b, 20);
        a.host.close(); // the first member, which writes checkpoints
        RunReport.PeerLost lost = b.reports.await(RunReport.PeerLost.class);
        assertThat(lost.lostWorkerId()).isEqualTo("a");

        int before = b.reports.reports.size();
        b.host.prepare(plan(spec, 2, b));
        HeldState held = heldBy(b, before);
        assertThat(held.step()).isBetween(20L, 399L);
        b.host.start(spec.id(), 2, new StartPoint.FromMember("b", held.step(), held.stateHash()));
        RunReport.GroupRunning running = b.reports.await(RunReport.GroupRunning.class, before);
        assertThat(running.readCheckpoint()).isFalse();
        assertThat(running.step()).isEqualTo(held.step());
        RunReport.TrainingFinished finished = b.reports.await(RunReport.TrainingFinished.class);
        assertThat(finished.checkpoint()).isEqualTo(quiet.checkpoint());
        assertThat(finished.chain()).isEqualTo(quiet.chain());
    }

    @Test
    void run_newMemberInTheMiddle_copiesTheStateFromItsPeer() throws IOException {
        RunSpec spec = SmallRuns.spec(400, 8);
        RunReport.TrainingFinished quiet = train(spec, new Worker("quiet"));

        Worker a = new Worker("a");
        Worker b = new Worker("b");
        begin(plan(spec, 1, a), new StartPoint.Fresh(), a);
        awaitStep(a, 20);
        GroupPlan two = plan(spec, 2, b, a);
        int before = a.reports.reports.size();
        a.host.prepare(two);
        b.host.prepare(two);
        HeldState held = heldBy(a, before);
        assertThat(b.reports.await(RunReport.GroupPrepared.class).held()).isNull();
        StartPoint from = new StartPoint.FromMember("a", held.step(), held.stateHash());
        a.host.start(spec.id(), 2, from);
        b.host.start(spec.id(), 2, from);

        RunReport.TrainingFinished finished = b.reports.await(RunReport.TrainingFinished.class);
        assertThat(b.reports.await(RunReport.GroupRunning.class).step()).isEqualTo(held.step());
        assertThat(finished.checkpoint()).isEqualTo(quiet.checkpoint());
        assertThat(finished.chain()).isEqualTo(quiet.chain());
    }

    @Test
    void member_withoutTheStateItShouldHold_fails() throws IOException {
        RunSpec spec = SmallRuns.spec(400, 8);
        Worker a = new Worker("a");
        Worker b = new Worker("b");
        begin(plan(spec, 1, a), new StartPoint.Fresh(), a);
        awaitStep(a, 5);
        GroupPlan two = plan(spec, 2, a, b);
        a.host.prepare(two);
        b.host.prepare(two);
        a.host.start(spec.id(), 2, new StartPoint.Fresh());
        b.host.start(spec.id(), 2, new StartPoint.FromMember("b", 3, 4));
        assertThat(b.reports.await(RunReport.TrainingFailed.class).reason()).contains("does not hold it");
        assertThat(a.reports.await(RunReport.PeerLost.class).lostWorkerId()).isEqualTo("b");
    }

    @Test
    void member_withAnotherSecret_isLost() throws IOException {
        RunSpec spec = SmallRuns.spec(20, 8);
        Worker a = new Worker("a");
        Worker b = new Worker("b", "another secret".getBytes(StandardCharsets.UTF_8), SumOrder.TREE);
        begin(plan(spec, 1, a, b), new StartPoint.Fresh(), a, b);

        RunReport.PeerLost lost = a.reports.await(RunReport.PeerLost.class);
        assertThat(lost.lostWorkerId()).isEqualTo("b");
        assertThat(lost.reason()).contains("secret");
    }

    @Test
    void commands_ofAnOlderGeneration_changeNothing() throws IOException {
        RunSpec spec = SmallRuns.spec(300, 8);
        Worker a = new Worker("a");
        begin(plan(spec, 3, a), new StartPoint.Fresh(), a);
        awaitStep(a, 5);
        a.host.prepare(plan(spec, 2, a));
        a.host.start(spec.id(), 2, new StartPoint.Fresh());
        a.host.release(spec.id(), 2);

        assertThat(a.reports.await(RunReport.TrainingFinished.class).generation())
                .isEqualTo(3);
        assertThat(a.reports.reports.stream().filter(RunReport.GroupPrepared.class::isInstance))
                .hasSize(1);
        assertThat(a.host.held()).isNotNull();
        a.host.release(spec.id(), 3);
        Awaitility.await().until(() -> a.host.held() == null);
    }

    @Test
    void checkpoint_thatTheFirstMemberCannotWrite_isWrittenByAnother() throws IOException {
        RunSpec spec = SmallRuns.spec(25, 8);
        RunReport.TrainingFinished quiet = train(spec, new Worker("quiet"));
        Worker a = new Worker("a");
        Worker b = new Worker("b");
        Path file = Files.writeString(store.resolve("file"), "not a folder");
        GroupPlan whole = plan(spec, 1, a, b);
        a.host.prepare(new GroupPlan(spec, 1, whole.members(), file.toString()));
        b.host.prepare(
                new GroupPlan(spec, 1, whole.members(), store.resolve("b").toString()));
        a.reports.await(RunReport.GroupPrepared.class);
        b.reports.await(RunReport.GroupPrepared.class);
        a.host.start(spec.id(), 1, new StartPoint.Fresh());
        b.host.start(spec.id(), 1, new StartPoint.Fresh());
        Awaitility.await()
                .until(() -> a.reports.reports.stream()
                        .anyMatch(r -> r instanceof RunReport.CheckpointFailed failed && failed.step() == 25));

        assertThat(b.reports.reports).noneMatch(RunReport.CheckpointWritten.class::isInstance);
        b.host.write(spec.id(), 2, 25); // for a generation that is not served
        b.host.write(spec.id(), 1, 20);
        assertThat(b.reports.await(RunReport.CheckpointFailed.class).step()).isEqualTo(20);
        b.host.write(spec.id(), 1, 25);
        RunReport.TrainingFinished finished = b.reports.await(RunReport.TrainingFinished.class);
        assertThat(finished.checkpoint()).isEqualTo(quiet.checkpoint());
        assertThat(finished.chain()).isEqualTo(quiet.chain());
        new CheckpointStore(store.resolve("b")).open(finished.checkpoint()).verify();
    }

    @Test
    void collection_isDoneByTheGenerationThatIsServedOnly() throws IOException {
        RunSpec spec = SmallRuns.spec(45, 8);
        Worker a = new Worker("a");
        RunReport.TrainingFinished finished = train(spec, a);
        CheckpointStore checkpoints = new CheckpointStore(store);
        assertThat(checkpoints.list(spec.id(), 100)).hasSize(5);
        a.host.prepare(plan(spec, 2, a));
        a.reports.await(RunReport.GroupPrepared.class, a.reports.reports.size() - 1);
        a.host.collect(spec.id(), 1, List.of(finished.checkpoint())); // for a generation that it has left
        a.host.collect(spec.id(), 3, List.of(finished.checkpoint()));
        CheckpointRef forty = checkpoints.list(spec.id(), 40).get(0);
        CheckpointRef thirty = checkpoints.list(spec.id(), 30).get(0);
        a.host.collect(spec.id(), 2, List.of(thirty, forty));
        a.host.release(spec.id(), 2);
        Awaitility.await()
                .untilAsserted(() -> assertThat(checkpoints.list(spec.id(), 100))
                        .containsExactly(finished.checkpoint(), forty, thirty));
    }

    private static HeldState heldBy(Worker worker, int from) {
        return Objects.requireNonNull(
                worker.reports.await(RunReport.GroupPrepared.class, from).held());
    }

    private static void awaitStep(Worker worker, long step) {
        Awaitility.await().pollInterval(java.time.Duration.ofMillis(1)).until(() -> {
            HeldState held = worker.host.held();
            return held != null && held.step() >= step;
        });
    }
}
