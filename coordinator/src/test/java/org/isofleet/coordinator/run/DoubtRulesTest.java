package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.RunEvent;
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
        assertThat(story.outcome()).contains("w0 <- release 1", "w1 <- release 1");
        assertThat(start(retried(story, 1, 14))).isEqualTo(new StartPoint.FromCheckpoint(story.checkpoint(10)));
    }

    @Test
    void memoryOfTheGenerationAfter_counts() {
        RunStory story = differ(RunStory.training(), 1, 15, null).leaves("w0");
        retried(story, 1, 14).running("w1");
        assertThat(start(story)).isEqualTo(new StartPoint.Fresh());
        story.seat("w2").staffed().prepared("w1", story.holds(2, 3, 1)).prepared("w2");
        assertThat(start(story)).isEqualTo(new StartPoint.FromMember("w1", 3, 1));
    }

    @Test
    void doubt_outlivesTheCoordinator() {
        RunStory story =
                differ(RunStory.training().committed("w0", 10), 1, 15, null).restarted();
        story.staffed();
        assertThat(start(retried(story, 1, 14))).isEqualTo(new StartPoint.FromCheckpoint(story.checkpoint(10)));
    }

    @Test
    void secondMembersReport_changesNothing() {
        RunStory story = differ(RunStory.training(), 1, 15, null);
        story.reported("w1", 1, new RunReport.StatesDiffer(story.runId(), 1, "w1", 15, null, "hashes differ"));
        assertThat(story.last().events()).isEmpty();
    }

    @Test
    void culprit_isLeftOut() {
        RunStory story = differ(RunStory.training(), 1, 15, "w1").later(2).woken();
        assertThat(story.history().group().members())
                .extracting(Member::workerId)
                .containsExactly("w0");
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
        assertThat(events(story, RunEvent.AttemptFailed.class)).hasSize(1);
        story.reported("w1", 1, new RunReport.CheckpointWritten(story.runId(), 2, "w1", story.checkpoint(30)));
        assertThat(story.history().committedStep()).isEqualTo(10);
        story.reported(
                "w1", 1, new RunReport.TrainingFinished(story.runId(), 2, "w1", story.checkpoint(100), "chain", 1));
        assertThat(story.history().completed()).isNull();
    }

    @Test
    void checkpointOfBeforeTheDoubt_counts() {
        RunStory story = differ(RunStory.training(), 1, 15, null);
        story.reported("w0", 1, new RunReport.CheckpointWritten(story.runId(), 1, "w0", story.checkpoint(10)));
        assertThat(story.history().committedStep()).isEqualTo(10);
    }

    @Test
    void endOfTraining_isNotTakenBack_butTheDoubtIsSaid() {
        RunStory story = differ(RunStory.training().finished("w0"), 1, 99, null);
        assertThat(story.last().events()).isEmpty();
        assertThat(story.outcome()).anySatisfy(line -> assertThat(line).contains("warned"));
    }
}
