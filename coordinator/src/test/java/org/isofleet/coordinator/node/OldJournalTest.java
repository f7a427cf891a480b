package org.isofleet.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.coordinator.plan.AdaptivePlans;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.run.Doubt;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.wire.JournalRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What earlier versions wrote lacks fields that came later, and must be read for ever. */
class OldJournalTest {
    private static final ActorSystem SYSTEM = ActorSystem.create(
            "journal",
            ConfigFactory.parseResources("isofleet-coordinator/persistence.conf")
                    .withFallback(ConfigFactory.parseString("pekko.loglevel = OFF"))
                    .withFallback(ConfigFactory.load())
                    .resolve());
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final RunEvent.GenerationStarted STARTED =
            new RunEvent.GenerationStarted(AT, 1, new StartPoint.Fresh(), "0123456789ab");

    @AfterAll
    static void terminate() {
        SYSTEM.terminate();
        SYSTEM.getWhenTerminated().toCompletableFuture().join();
    }

    @Test
    void generationStarted_withoutTheGradientDigest_isRead() throws IOException {
        assertThat(reread(STARTED, "")).isEqualTo(STARTED);
        assertThat(reread(STARTED, "/gradientDigest"))
                .isEqualTo(new RunEvent.GenerationStarted(AT, 1, new StartPoint.Fresh(), null));
    }

    @Test
    void snapshot_withoutTheGradientDigest_isRead_andTheNextGenerationSetsIt() throws IOException {
        RunHistory history = RunHistory.after(begun(), STARTED);
        assertThat(reread(history, "")).isEqualTo(history);
        RunHistory old = (RunHistory) reread(history, "/group/gradientDigest");
        assertThat(old.group().gradientDigest()).isNull();
        assertThat(old.group().kernelClass()).isEqualTo(history.group().kernelClass());
        assertThat(RunHistory.after(old, STARTED)).isEqualTo(history);
    }

    @Test
    void attemptFailed_withoutTheDivergence_isRead() throws IOException {
        RunEvent.AttemptFailed failed =
                new RunEvent.AttemptFailed(AT, 1, "w1", "step 3 has loss NaN", AT, new Divergence(3, "bits"));
        assertThat(reread(failed, "")).isEqualTo(failed);
        RunEvent.AttemptFailed old = (RunEvent.AttemptFailed) reread(failed, "/divergence");
        assertThat(old.divergence()).isNull();
        RunHistory history = RunHistory.after(begun(), failed);
        assertThat(reread(history, "")).isEqualTo(history);
        assertThat(reread(history, "/diverged")).isEqualTo(RunHistory.after(begun(), old));
    }

    @Test
    void snapshot_withoutTheCulprits_isRead() throws IOException {
        RunEvent.MemoryDoubted doubted = new RunEvent.MemoryDoubted(AT, new Doubt(1, 1, 3), "w1", "bits differ");
        RunHistory history = RunHistory.after(begun(), doubted);
        assertThat(reread(history, "")).isEqualTo(history);
        RunHistory old = (RunHistory) reread(history, "/group/culprits");
        assertThat(old.group().culprits()).isNull();
        assertThat(old.group().doubt()).isEqualTo(history.group().doubt());
    }

    @Test
    void snapshot_ofDoubtsThatWereKeptAsOne_isRead() throws IOException {
        RunHistory once =
                RunHistory.after(begun(), new RunEvent.MemoryDoubted(AT, new Doubt(1, 1, 3), null, "bits differ"));
        RunHistory twice =
                RunHistory.after(once, new RunEvent.MemoryDoubted(AT, new Doubt(2, 3, 9), null, "bits differ"));
        assertThat(reread(twice, "")).isEqualTo(twice);
        assertThat(twice.group().trustsCheckpoint(1, 3)).isFalse();
        RunHistory old = (RunHistory) reread(twice, "/group/earlierDoubts");
        assertThat(old.group().trustsCheckpoint(3, 9)).isFalse();
        assertThat(old.group().trustsCheckpoint(1, 3)).isTrue();
    }

    @Test
    void study_withoutDecisionsAndLosses_isRead() throws IOException {
        StudyPlan plan = TestPlans.study(1, 30, TestPlans.policy(1, 2, Duration.ofSeconds(5)));
        RunId run = plan.runs().get(0).spec().id();
        StudyEvent.RunEnded end = new StudyEvent.RunEnded(AT, run, RunOutcome.DONE, null, 3.5, 30);
        assertThat(reread(end, "")).isEqualTo(end);
        assertThat(reread(end, "/loss")).isEqualTo(new StudyEvent.RunEnded(AT, run, RunOutcome.DONE, null, null, 30));
        assertThat(reread(end, "/steps")).isEqualTo(new StudyEvent.RunEnded(AT, run, RunOutcome.DONE, null, 3.5, 0));
        StudyEvent.StudyAdapted adapted = new StudyEvent.StudyAdapted(AT, 16, List.of(), List.of(run), "why");
        assertThat(reread(adapted, "")).isEqualTo(adapted);
        StudyHistory history = StudyHistory.after(null, new StudyEvent.StudySubmitted(AT, plan));
        assertThat(reread(StudyHistory.after(history, adapted), "")).isEqualTo(StudyHistory.after(history, adapted));
        assertThat(reread(history, "/adapted")).isEqualTo(history);
        StudyHistory adaptive = StudyHistory.after(null, new StudyEvent.StudySubmitted(AT, AdaptivePlans.study()));
        assertThat(reread(adaptive, "")).isEqualTo(adaptive);
    }

    @Test
    void orderAndResults_withoutProtocols_areRead() throws IOException {
        RunHistory history = begun();
        assertThat(reread(history, "/order/evaluation/protocol")).isEqualTo(history);
        for (EvaluationKind kind : EvaluationKind.values()) {
            RunEvent.EvaluationRecorded recorded =
                    new RunEvent.EvaluationRecorded(AT, "0f".repeat(32), TestPlans.result(kind), 1);
            assertThat(reread(recorded, "")).isEqualTo(recorded);
        }
        RunEvent.EvaluationRecorded probe =
                new RunEvent.EvaluationRecorded(AT, "0f".repeat(32), TestPlans.result(EvaluationKind.LINEAR_PROBE), 1);
        RunEvent.EvaluationRecorded old = (RunEvent.EvaluationRecorded) reread(probe, "/result/top5");
        assertThat(((EvaluationResult.LinearProbe) old.result()).top5()).isNull();
        assertThat(reread(probe, "/result/probe")).isEqualTo(probe);
        RunEvent.EvaluationRecorded distance =
                new RunEvent.EvaluationRecorded(AT, "0f".repeat(32), TestPlans.result(EvaluationKind.COMPLETIONS), 1);
        assertThat(reread(distance, "/result/measuredBy")).isEqualTo(distance);
        assertThat(reread(distance, "/result/featuresSha256")).isEqualTo(distance);
        RunEvent.EvaluationRecorded unknown = (RunEvent.EvaluationRecorded) reread(distance, "/result/dimension");
        assertThat(((EvaluationResult.CompletionDistance) unknown.result()).rankDeficient())
                .isFalse();
    }

    private static RunHistory begun() {
        RunOrder order = new RunOrder(
                "study",
                0,
                TestPlans.spec(30, 1),
                EvaluationSpec.defaults(),
                TestPlans.policy(1, 2, Duration.ofSeconds(5)));
        return RunHistory.after(
                RunHistory.of(order),
                new RunEvent.GenerationBegun(
                        AT,
                        1,
                        List.of(new Member("w1", 7, new BulkAddress("127.0.0.1", 9))),
                        new KernelClass("dl4j", "test", "fp32"),
                        GenerationCause.FIRST,
                        null,
                        0,
                        0,
                        true));
    }

    /** Through the journal's serializer and back, without a field on the way. */
    private static Object reread(JournalRecord written, String without) throws IOException {
        Serialization serialization = SerializationExtension.get(SYSTEM);
        Serializer serializer = serialization.findSerializerFor(written);
        byte[] bytes = serializer.toBinary(written);
        if (!without.isEmpty()) {
            int slash = without.lastIndexOf('/');
            ObjectNode tree = (ObjectNode) CBOR.readTree(bytes);
            ObjectNode holder = (ObjectNode) tree.at(without.substring(0, slash));
            assertThat(holder.remove(without.substring(slash + 1))).isNotNull();
            bytes = CBOR.writeValueAsBytes(tree);
        }
        return serialization
                .deserialize(bytes, serializer.identifier(), Serializers.manifestFor(serializer, written))
                .get();
    }
}
