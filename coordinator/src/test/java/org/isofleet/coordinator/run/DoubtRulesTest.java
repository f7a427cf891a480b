package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoubtRulesTest {
    private static RunStory differ(RunStory story, long generation, long step, @Nullable String culprit) {
        return story.reported(
                "w0", 1, new RunReport.StatesDiffer(story.runId(), generation, "w0", step, culprit, "hashes differ"));
    }

    /** The next attempt, with what the workers say that they hold of a generation. */
    private static RunStory retried(RunStory story, long generation, long step) {
        return story.later(2)
                .woken()
                .prepared("w0", story.holds(generation, step, 1))
                .prepared("w1", story.holds(generation, step, 1));
    }

    private static @Nullable StartPoint start(RunStory story) {
        return story.history().group().start();
    }

    private static <E extends RunEvent> List<E> events(RunStory story, Class<E> kind) {
        return story.last().events().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void differingBits_allGoBackToTheCheckpoint_thoughMembersSayTheyHoldMore() {
        RunStory story = differ(RunStory.training().committed("w0", 10), 1, 15, null);
        assertThat(events(story, RunEvent.MemoryDoubted.class)).hasSize(1);
        assertThat(start(retried(story, 1, 14))).isEqualTo(new StartPoint.FromCheckpoint(story.checkpoint(10)));
    }

    @Test
    void differingBitsOfTwo_bothGoOnAtOnce_andTheRunHasNotFailed() {
        RunStory story = differ(RunStory.training().committed("w0", 10), 1, 15, null);
        assertThat(members(story)).containsExactly("w0", "w1");
        assertThat(story.outcome()).contains("w0 <- prepare 2 [w0, w1]", "w1 <- prepare 2 [w0, w1]");
        assertThat(events(story, RunEvent.AttemptFailed.class)).isEmpty();
        assertThat(story.history().failures()).isZero();
        assertThat(story.state().setbacks()).isEmpty();
    }

    /** Differs in the newest generation and goes on, some times over, with nothing committed. */
    private static RunStory differAgain(RunStory story, int times) {
        for (int i = 0; i < times; i++) {
            differ(story, story.generation(), 15, null);
            if (story.history().settled() == null) {
                story.prepared("w0").prepared("w1").running("w0", 10).running("w1", 10);
            }
        }
        return story;
    }

    @Test
    void membersThatDifferAgain_computeEveryStepTwice_untilTheyAgreeOnACheckpoint() {
        RunStory story = differAgain(RunStory.training().committed("w0", 10), 1);
        assertThat(story.history().group().audited()).isFalse();
        differAgain(story, 1);
        assertThat(story.history().group().audited()).isTrue();
        assertThat(audits(differ(story, story.generation(), 15, null))).containsExactly(1.0, 1.0);
        story.prepared("w0").prepared("w1").committed("w0", 20).lost("w0", "w1");
        assertThat(story.history().group().audited()).isFalse();
        assertThat(audits(story)).containsExactly(0.0);
    }

    private static List<Double> audits(RunStory story) {
        return story.last().effects().stream()
                .filter(RunEffect.Command.class::isInstance)
                .map(effect -> ((RunEffect.Command) effect).command())
                .filter(WorkerCommand.PrepareGroup.class::isInstance)
                .map(command -> ((WorkerCommand.PrepareGroup) command).plan().audit())
                .toList();
    }

    @Test
    void commitFromBeforeTheDoubt_doesNotTellThatMembersAgreeNow() {
        RunStory story = differAgain(RunStory.training(), 2);
        story.reported("w0", 1, new RunReport.CheckpointWritten(story.runId(), 1, "w0", story.checkpoint(10)));
        assertThat(story.history().committedStep()).isEqualTo(10);
        assertThat(story.history().group().differences()).isEqualTo(2);
    }

    @Test
    void membersThatDifferTimeAfterTime_parkTheRun_andTheReasonSaysSo() {
        RunStory story = differAgain(RunStory.training().committed("w0", 10), RunPace.DEFAULT.differencesAtMost() - 1);
        assertThat(story.history().settled()).isNull();
        differAgain(story, 1);
        assertThat(Objects.requireNonNull(story.history().settled()).reason())
                .contains("different bits 16 times after step 10", "hashes differ");
    }

    private static List<String> members(RunStory story) {
        return story.history().group().members().stream().map(Member::workerId).toList();
    }

    @Test
    void memoryOfTheGenerationAfter_counts() {
        RunStory story = differ(RunStory.training(), 1, 15, null).lost("w1", "w0");
        retried(story, 1, 14).running("w1");
        assertThat(start(story)).isEqualTo(new StartPoint.Fresh());
        story.caughtUp("w2", 3).prepared("w1", story.holds(3, 3, 1)).prepared("w2");
        assertThat(start(story)).isEqualTo(new StartPoint.FromMember("w1", 3, 1));
    }

    @Test
    void doubt_outlivesTheCoordinator() {
        RunStory story =
                differ(RunStory.training().committed("w0", 10), 1, 15, null).restarted();
        story.staffed();
        assertThat(start(retried(story, 1, 14))).isEqualTo(new StartPoint.FromCheckpoint(story.checkpoint(10)));
    }

    /** Nobody was heard of yet when members differed: their generation is not taken for one that trains. */
    @Test
    void generationInDoubt_isFollowedByAnother_thoughTheCoordinatorDiesBetween() {
        RunStory story = differ(RunStory.training().restarted(), 1, 15, null);
        assertThat(story.generation()).isEqualTo(1);
        story.restarted().staffed();
        assertThat(story.outcome()).contains("begun 2 [w0, w1] DIFFERED reached 0");
    }

    @Test
    void secondMembersReport_changesNothing() {
        RunStory story = differ(RunStory.training(), 1, 15, null);
        story.reported("w1", 1, new RunReport.StatesDiffer(story.runId(), 1, "w1", 15, null, "hashes differ"));
        assertThat(story.last().events()).isEmpty();
    }

    @Test
    void culprit_isLeftOut() {
        RunStory story = differ(RunStory.training(), 1, 15, "w1");
        assertThat(members(story)).containsExactly("w0");
        assertThat(story.outcome()).contains("w1 <- release 1");
        assertThat(members(story.later(2).staffed().prepared("w0").running("w0").woken()))
                .containsExactly("w0");
        assertThat(story.history().failures()).isZero();
    }

    @Test
    void culprit_isLeftOutAfterARestartToo() {
        RunStory story = differ(RunStory.training(), 1, 15, "w1").restarted().later(2);
        assertThat(members(story.staffed())).containsExactly("w0");
    }

    /** It has computed again by itself, and nobody is there to go on without it. */
    @Test
    void culpritThatIsAlone_hasFailed() {
        RunStory story = RunStory.training().lost("w0", "w1").prepared("w0").running("w0");
        differ(story, 2, 15, "w0");
        assertThat(events(story, RunEvent.AttemptFailed.class)).hasSize(1);
    }

    /** Each time for twice as long, whether the coordinator has been restarted between or not. */
    @Test
    void culpritOfManyTimes_isRememberedAsSuch() {
        RunStory story = RunStory.training();
        story.restarted();
        Instant once = leftOutUntil(differ(story, 1, 15, "w1"));
        Duration first = Duration.between(story.now(), once);
        story.later((double) first.toSeconds() + 3).restarted().woken().staffed();
        story.prepared("w0").prepared("w1").running("w0").running("w1");
        differ(story, story.generation(), 20, "w1").restarted();
        assertThat(Duration.between(story.now(), leftOutUntil(story)).toSeconds())
                .isBetween(2 * first.toSeconds() - 5, 2 * first.toSeconds() + 5);
    }

    private static Instant leftOutUntil(RunStory story) {
        return Objects.requireNonNull(story.state().suspects().get(new RunNeed.Holding("w1", 1)));
    }

    /** The other member only saw its connection close, was kept, and went on alone. */
    @Test
    void reportAfterTheNextGenerationBegan_stopsIt_andTakesItsCheckpointsBack() {
        RunStory story = RunStory.training().committed("w0", 10);
        story.lost("w1", "w0").prepared("w1", story.holds(1, 15, 1)).running("w1");
        assertThat(start(story)).isEqualTo(new StartPoint.FromMember("w1", 15, 1));
        story.committed("w1", 20);
        assertThat(story.history().committedStep()).isEqualTo(20);

        differ(story, 1, 15, null);
        assertThat(story.history().committedStep()).isEqualTo(10);
        assertThat(story.generation()).isEqualTo(3);
        story.reported("w1", 1, new RunReport.CheckpointWritten(story.runId(), 2, "w1", story.checkpoint(30)));
        assertThat(story.history().committedStep()).isEqualTo(10);
        story.reported(
                "w1", 1, new RunReport.TrainingFinished(story.runId(), 2, "w1", story.checkpoint(100), "chain", 1));
        assertThat(story.history().completed()).isNull();
    }

    /** Members had agreed on it, in a generation between the two. */
    @Test
    void checkpointBetweenTwoDoubts_counts_andOneOfTheFirstThatComesLateDoesNot() {
        RunStory story = differAgain(RunStory.training().committed("w0", 10), 1);
        story.committed("w0", 20);
        differ(story, story.generation(), 25, null);
        assertThat(story.history().committedStep()).isEqualTo(20);
        story.reported("w0", 1, new RunReport.CheckpointWritten(story.runId(), 1, "w0", story.checkpoint(30)));
        story.reported("w0", 1, new RunReport.CheckpointWritten(story.runId(), 2, "w0", story.checkpoint(40)));
        assertThat(story.history().committedStep()).isEqualTo(20);
    }

    @Test
    void checkpointOfBeforeTheDoubt_counts() {
        RunStory story = differ(RunStory.training(), 1, 15, null);
        story.reported("w0", 1, new RunReport.CheckpointWritten(story.runId(), 1, "w0", story.checkpoint(10)));
        assertThat(story.history().committedStep()).isEqualTo(10);
    }

    /** The member that only saw its connection close went on alone, and was done before the other was heard. */
    @Test
    void endOfTraining_inDoubt_isTakenBack_andTheRunGoesOnFromWhatAllHadAgreedOn() {
        RunStory story = RunStory.training(EvaluationKind.HELD_OUT_LOSS)
                .committed("w0", 10)
                .finished("w0");
        assertThat(story.history().completed()).isNotNull();
        differ(story, 1, 99, null);
        assertThat(story.history().completed()).isNull();
        assertThat(story.history().committedStep()).isEqualTo(10);
        story.staffed().prepared("w0", story.holds(1, 100, 1)).prepared("w1");
        assertThat(start(story)).isEqualTo(new StartPoint.FromCheckpoint(story.checkpoint(10)));
    }

    @Test
    void runThatIsDone_goesOnToo_andItsStudyHearsOfIt() {
        RunStory story = RunStory.training().finished("w0");
        assertThat(story.history().settled()).isNotNull();
        differ(story, 1, 99, null);
        assertThat(story.history().settled()).isNull();
        assertThat(story.last().effects()).hasAtLeastOneElementOfType(RunEffect.Reopen.class);
        assertThat(story.restarted().last().effects()).hasAtLeastOneElementOfType(RunEffect.Reopen.class);
        story.staffed().prepared("w0").prepared("w1").finished("w1");
        assertThat(story.history().settled()).isNotNull();
    }

    @Test
    void whatWasMeasuredOfAnEndThatIsTakenBack_isMeasuredAgain() {
        RunStory story = RunStory.training(EvaluationKind.HELD_OUT_LOSS).finished("w0");
        EvaluationResult result = new EvaluationResult.HeldOutLoss("protocol", 1, 1, 1, 1);
        story.reported(
                "w0",
                1,
                new RunReport.EvaluationFinished(
                        story.runId(), "w0", story.checkpoint(100).digest(), result, 1));
        assertThat(story.history().evaluations()).allMatch(EvaluationHistory::settled);
        differ(story, 1, 99, null);
        assertThat(story.history().evaluations()).noneMatch(EvaluationHistory::settled);
    }

    @Test
    void doubtOfLaterSteps_leavesTheEnd() {
        RunStory story = RunStory.training().finished("w0");
        assertThat(differ(story, 1, 101, null).history().settled()).isNotNull();
    }

    @Test
    void parkedRun_hasNothingToTakeBack() {
        RunStory story = RunStory.training();
        for (int attempt = 0; attempt < 3; attempt++) {
            String member = story.history().group().members().get(0).workerId();
            story.failed(member).later(60).staffed().woken().prepared("w0").prepared("w1");
        }
        assertThat(story.history().settled()).isNotNull();
        assertThat(differ(story, 1, 15, null).last().events()).isEmpty();
    }
}
