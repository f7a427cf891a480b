package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.run.RunRow.row;

import java.time.Duration;
import java.util.stream.Stream;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReportRulesTest {
    private static final String TRAINING = "training [w0, w1] until +30s";

    static Stream<RunRow> strangersAndLatecomers() {
        return Stream.of(
                row("nobody ordered the run", prepared(RunStory.unordered(), "w0", 1, 1), "unordered"),
                row("a member of an older generation", prepared(regrouped(), "w0", 1, 1), "preparing [] until +10s"),
                row(
                        "a member of a generation that the journal knows nothing of",
                        prepared(RunStory.preparing(), "w0", 1, 2),
                        "preparing [] until +10s",
                        "found 2",
                        "begun 3 [w0, w1] RETRY reached 0",
                        "warned",
                        "w0 <- prepare 3 [w0, w1]",
                        "w1 <- prepare 3 [w0, w1]"),
                row(
                        "a worker of no group is told to leave",
                        prepared(RunStory.preparing(), "w9", 1, 1),
                        "preparing [] until +10s",
                        "w9 <- release 1"),
                row(
                        "who was dropped is told to leave",
                        prepared(regrouped(), "w1", 1, 1),
                        "preparing [] until +10s",
                        "w1 <- release 1"),
                row(
                        "the process before is told to leave",
                        prepared(RunStory.preparing(), "w0", 0, 1),
                        "preparing [] until +10s",
                        "w0 <- release 1"),
                row(
                        "a stranger of such a generation is not told to leave",
                        prepared(RunStory.preparing(), "w9", 1, 2),
                        "preparing [] until +10s",
                        "found 2",
                        "begun 3 [w0, w1] RETRY reached 0",
                        "warned",
                        "w0 <- prepare 3 [w0, w1]",
                        "w1 <- prepare 3 [w0, w1]"),
                row("prepared, when it trains already", prepared(RunStory.training(), "w0", 1, 1), TRAINING),
                row(
                        "a peer lost by a stranger",
                        RunStory.training().reported("w9", 1, new RunReport.PeerLost(runId(), 1, "w9", "w0", "reset")),
                        TRAINING,
                        "w9 <- release 1"),
                row(
                        "the failure of a stranger",
                        RunStory.training().reported("w9", 1, new RunReport.TrainingFailed(runId(), 1, "w9", "defect")),
                        TRAINING,
                        "w9 <- release 1"),
                row("a failure after the run ended", RunStory.trained().failed("w0"), "settled", "w0 <- release 1"));
    }

    static Stream<RunRow> checkpoints() {
        RunStory forked = RunStory.training().committed("w0", 10);
        return Stream.of(
                row(
                        "a checkpoint counts",
                        RunStory.training().committed("w0", 10),
                        TRAINING,
                        "committed 10",
                        "w0 <- keep [10]"),
                row("told twice", RunStory.training().committed("w0", 10).committed("w0", 10), TRAINING),
                row("an older one", RunStory.training().committed("w0", 20).committed("w0", 10), TRAINING),
                row("another digest of the same step", written(forked, 10, 99), TRAINING, "warned"),
                row(
                        "whoever wrote it",
                        written(regrouped(), 10, 10),
                        "preparing [] until +10s",
                        "committed 10",
                        "w0 <- keep [10]"),
                row("after training", written(RunStory.trained(EvaluationKind.HELD_OUT_LOSS), 110, 1), "evaluating"),
                row("after the end", written(parked(), 110, 1), "settled"),
                row(
                        "could not be written",
                        RunStory.training()
                                .reported(
                                        "w0",
                                        1,
                                        new RunReport.CheckpointFailed(runId(), 1, "w0", 10, "disk full", true)),
                        TRAINING,
                        "warned",
                        "w1 <- write 10"),
                row(
                        "the last, which nobody could write for good",
                        notWritten(notWritten(RunStory.training(), "w0", false), "w1", false),
                        "backingoff",
                        "failed on w1, again +1s",
                        "warned",
                        "w1 <- release 1"),
                row(
                        "the last, which one member tries again",
                        notWritten(notWritten(RunStory.training(), "w0", true), "w1", false),
                        TRAINING,
                        "warned"),
                row(
                        "told again, which does not lengthen the wait",
                        notWrittenFor(599),
                        "training [w0, w1] until -569s",
                        "warned"),
                row(
                        "the last, which nobody could write for long",
                        notWrittenFor(599).later(1).woken(),
                        "backingoff",
                        "failed on w1, again +1s",
                        "w1 <- release 1"),
                row(
                        "the last, in the end",
                        notWrittenFor(599).finished("w0"),
                        "settled",
                        "trained 100",
                        "settled DONE",
                        "w0 <- keep [100]",
                        "w0 <- release 1",
                        "w1 <- release 1",
                        "study <- DONE"),
                row(
                        "unreadable: the one before counts",
                        RunStory.training()
                                .committed("w0", 10)
                                .committed("w0", 20)
                                .unreadable("w0", 20),
                        "preparing [] until +10s",
                        "discarded 20",
                        "begun 2 [w0, w1] UNREADABLE reached 10",
                        "warned",
                        "w0 <- prepare 2 [w0, w1]",
                        "w1 <- prepare 2 [w0, w1]"),
                row(
                        "unreadable, of which the journal knows nothing",
                        RunStory.training().committed("w0", 10).unreadable("w0", 20),
                        "preparing [] until +10s",
                        "begun 2 [w0, w1] UNREADABLE reached 10",
                        "w0 <- prepare 2 [w0, w1]",
                        "w1 <- prepare 2 [w0, w1]"),
                row(
                        "unreadable for a stranger",
                        RunStory.training().committed("w0", 10).unreadable("w9", 10),
                        TRAINING,
                        "discarded 10",
                        "warned",
                        "w9 <- release 1"),
                row(
                        "unreadable after training",
                        RunStory.trained(EvaluationKind.HELD_OUT_LOSS).unreadable("w0", 100),
                        "evaluating",
                        "w0 <- release 1"),
                row("not read, parameters from a peer", ran(RunStory.starting(), 10, false), "training [] until +30s"));
    }

    private static RunStory notWritten(RunStory story, String workerId, boolean retried) {
        return story.reported(
                workerId, 1, new RunReport.CheckpointFailed(runId(), 1, workerId, 100, "disk full", retried));
    }

    /** Both members try again, and one says so again after that time. */
    private static RunStory notWrittenFor(double seconds) {
        RunStory both = notWritten(notWritten(RunStory.training(), "w0", true), "w1", true);
        return notWritten(both.later(seconds), "w0", true);
    }

    static Stream<RunRow> ends() {
        return Stream.of(
                row(
                        "trained, nothing to measure",
                        RunStory.training().finished("w0"),
                        "settled",
                        "trained 100",
                        "settled DONE",
                        "w0 <- keep [100]",
                        "w0 <- release 1",
                        "w1 <- release 1",
                        "study <- DONE"),
                row(
                        "trained, a metric is due",
                        RunStory.training(EvaluationKind.HELD_OUT_LOSS).finished("w0"),
                        "evaluating",
                        "trained 100",
                        "w0 <- keep [100]",
                        "w0 <- release 1",
                        "w1 <- release 1"),
                row(
                        "the other member says so too",
                        RunStory.training(EvaluationKind.HELD_OUT_LOSS)
                                .finished("w0")
                                .finished("w1"),
                        "evaluating"),
                row(
                        "the other member holds other bits",
                        otherBits(RunStory.training(EvaluationKind.HELD_OUT_LOSS)),
                        "evaluating",
                        "warned"),
                row("other bits after the end", otherBits(RunStory.training()), "settled", "warned"),
                row("the end of a parked run comes late", parked().finished("w0"), "settled"),
                row(
                        "a member lost its peer",
                        RunStory.training().lost("w0", "w1"),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 0",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "the same loss, told twice",
                        RunStory.training().lost("w0", "w1").reported("w0", 1, lossIn(1)),
                        "preparing [] until +10s"),
                row(
                        "the peer is in doubt for 8 s",
                        RunStory.training()
                                .lost("w0", "w1")
                                .prepared("w0")
                                .running("w0")
                                .later(7.9)
                                .woken(),
                        "training [w0] until +22.1s"),
                row(
                        "and then joins again",
                        RunStory.training()
                                .lost("w0", "w1")
                                .prepared("w0")
                                .running("w0")
                                .later(8)
                                .woken(),
                        "preparing [] until +10s",
                        "begun 3 [w0, w1] JOINED reached 0",
                        "w0 <- prepare 3 [w0, w1]",
                        "w1 <- prepare 3 [w0, w1]"),
                row("all in doubt", RunStory.training().lost("w0", "w1").lost("w0", "w0"), "waiting"));
    }

    static Stream<RunRow> failures() {
        return Stream.of(
                row(
                        "first failure",
                        RunStory.training().failed("w0"),
                        "backingoff",
                        "failed on w0, again +1s",
                        "w0 <- release 1"),
                row(
                        "the same failure, told twice",
                        RunStory.training().failed("w0").failed("w0"),
                        "backingoff",
                        "w0 <- release 1"),
                row(
                        "not before its time",
                        RunStory.training().failed("w0").later(0.9).woken(),
                        "backingoff"),
                row(
                        "retried",
                        RunStory.training().failed("w0").later(1).woken(),
                        "preparing [] until +10s",
                        "begun 2 [w1] RETRY reached 0",
                        "w1 <- prepare 2 [w1]"),
                row(
                        "retried with whoever is there, without gathering",
                        RunStory.training().failed("w0").leaves("w0").later(1).staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w1] RETRY reached 0",
                        "w1 <- prepare 2 [w1]"),
                row(
                        "nobody there at its time",
                        RunStory.training()
                                .failed("w0")
                                .leaves("w0")
                                .leaves("w1")
                                .later(1)
                                .staffed(),
                        "waiting"),
                row(
                        "second failure",
                        retried(RunStory.training().failed("w0"), 1).failed("w1"),
                        "backingoff",
                        "failed on w1, again +2s",
                        "w1 <- release 3",
                        "w0 <- release 3"),
                row(
                        "third failure",
                        parked(),
                        "settled",
                        "failed on w1, again +4s",
                        "settled PARKED",
                        "w1 <- release 5",
                        "w0 <- release 5",
                        "study <- PARKED"),
                row(
                        "a checkpoint between failures",
                        retried(retried(RunStory.training().failed("w0"), 1).failed("w0"), 2)
                                .committed("w0", 10)
                                .failed("w0"),
                        "backingoff",
                        "failed on w0, again +1s",
                        "w0 <- release 5"));
    }

    @ParameterizedTest
    @MethodSource({"strangersAndLatecomers", "checkpoints", "ends", "failures"})
    void rule_holds(RunRow row) {
        row.check();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8", "5, 10", "6, 10", "41, 10", "1000, 10"})
    void backoff_doublesUpToItsLargest(int failures, long seconds) {
        RunPolicy policy = new RunPolicy(
                1,
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                0);
        assertThat(ReportRules.backoff(policy, failures)).hasSeconds(seconds);
    }

    @Test
    void checkpointReadAgain_isWarnedOfOnce() {
        RunStory story = readCheckpoint(10, 10).holding("w0", 10).staffed();
        assertThat(ran(story, 10, true).outcome()).isEmpty();
    }

    @Test
    void checkpointThatWasRead_isSaid() {
        assertThat(warning(readCheckpoint(20, 20))).isEqualTo("worker w0 read the checkpoint of step 20");
    }

    @Test
    void parkedRun_saysWhatFailedLast() {
        assertThat(parked().history().settled()).satisfies(settled -> {
            assertThat(settled.outcome()).isEqualTo(RunOutcome.PARKED);
            assertThat(settled.reason()).isEqualTo("failed 3 times, last on w1: no memory");
        });
    }

    @Test
    void trainingTime_isCountedOverGenerations() {
        RunStory story =
                RunStory.training().later(5).committed("w0", 10).later(5).committed("w0", 20);
        assertThat(story.history().trainSeconds()).isEqualTo(10);
        story.later(2)
                .lost("w0", "w1")
                .later(1)
                .prepared("w0")
                .running("w0")
                .later(3)
                .finished("w0");
        assertThat(story.history().trainSeconds()).isEqualTo(15);
    }

    private static RunId runId() {
        return RunStory.waiting().runId();
    }

    private static RunStory prepared(RunStory story, String worker, long incarnation, long generation) {
        return story.reported(
                worker, incarnation, new RunReport.GroupPrepared(runId(), generation, worker, null, "digest"));
    }

    private static RunStory written(RunStory story, long step, long digest) {
        return story.reported(
                "w1", 1, new RunReport.CheckpointWritten(runId(), 1, "w1", story.checkpoint(step, digest)));
    }

    private static RunStory ran(RunStory story, long step, boolean readCheckpoint) {
        return story.reported(
                "w0", 1, new RunReport.GroupRunning(runId(), story.generation(), "w0", step, readCheckpoint));
    }

    /** Generation 2 is w0, which holds nothing, is told to take the committed checkpoint, and reads one. */
    private static RunStory readCheckpoint(long committed, long read) {
        return ran(
                RunStory.training().committed("w0", committed).lost("w0", "w1").prepared("w0"), read, true);
    }

    private static RunReport lossIn(long generation) {
        return new RunReport.PeerLost(runId(), generation, "w0", "w1", "reset");
    }

    private static RunStory otherBits(RunStory story) {
        return story.finished("w0")
                .reported(
                        "w1",
                        1,
                        new RunReport.TrainingFinished(runId(), 1, "w1", story.checkpoint(100, 7), "chain", 1));
    }

    /** Generation 2 is w0, without w1. */
    private static RunStory regrouped() {
        return RunStory.training().later(8).leaves("w1").staffed();
    }

    private static RunStory retried(RunStory story, double seconds) {
        return story.later(seconds)
                .woken()
                .prepared("w0")
                .prepared("w1")
                .running("w0")
                .running("w1");
    }

    private static RunStory parked() {
        return retried(retried(RunStory.training().failed("w0"), 1).failed("w0"), 2)
                .failed("w1");
    }

    private static String warning(RunStory story) {
        return story.last().effects().stream()
                .filter(e -> e instanceof RunEffect.Publish publish && publish.event() instanceof LiveEvent.Warning)
                .map(e -> ((LiveEvent.Warning) ((RunEffect.Publish) e).event()).text())
                .findFirst()
                .orElse("");
    }
}
