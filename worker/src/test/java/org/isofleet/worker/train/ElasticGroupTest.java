package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.SumOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of any number of members, which come and go. */
class ElasticGroupTest extends GroupGround {
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

    /** Whether the bit flipped at the one, at the other or on the way, nobody can tell. */
    @Test
    void stateCopiedFromAMemberWhoseMemoryHasChanged_putsBothInDoubt() throws IOException {
        AtomicReference<BigramEngine> engine = new AtomicReference<>();
        Worker a = new Worker("a", SECRET, SumOrder.TREE, (shape, lanes, images) -> {
            BigramEngine made = new BigramEngine(shape, lanes);
            engine.set(made);
            return made;
        });
        Worker b = new Worker("b");
        RunSpec spec = SmallRuns.spec(6000, 8);
        begin(plan(spec, 1, a), new StartPoint.Fresh(), a);
        awaitStep(a, 20);
        GroupPlan plan = plan(spec, 2, a, b);
        int before = a.reports.reports.size();
        a.host.prepare(plan);
        HeldState held = heldBy(a, before);
        b.host.prepare(plan);
        b.reports.await(RunReport.GroupPrepared.class);
        FlatVector parameters = Objects.requireNonNull(engine.get()).parameters();
        parameters.set(0, Float.intBitsToFloat(Float.floatToRawIntBits(parameters.get(0)) ^ 1));
        for (Worker member : new Worker[] {a, b}) {
            member.host.start(spec.id(), 2, new StartPoint.FromMember("a", held.step(), held.stateHash()));
        }
        RunReport.StatesDiffer differ = b.reports.await(RunReport.StatesDiffer.class);
        assertThat(differ.step()).isEqualTo(held.step());
        assertThat(differ.culprit()).isNull();
        assertThat(b.host.held()).isNull();
    }
}
