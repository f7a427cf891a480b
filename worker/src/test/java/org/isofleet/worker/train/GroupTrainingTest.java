package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.exchange.SumOrder;
import org.junit.jupiter.api.Test;

class GroupTrainingTest extends GroupGround {
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
        CheckpointFolders checkpoints = new CheckpointFolders(store);
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
}
