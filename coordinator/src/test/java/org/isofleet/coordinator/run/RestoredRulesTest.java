package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.run.RunStory.A;

import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;

/** The journal is older than the world: the next generation is above every one that anybody has served. */
class RestoredRulesTest {
    private static final RunId RUN = RunStory.unordered().runId();

    @Test
    void manifestOfALaterGeneration_isPassed_andItsCheckpointCounts() {
        RunStory story = RunStory.waiting();
        story.told(new RunInput.Stored(7, List.of(checkpoint(60), checkpoint(40))));
        assertThat(story.history().generation()).isEqualTo(7);
        assertThat(story.history().committed()).contains(checkpoint(60));
        assertThat(story.history().needed()).containsExactly(checkpoint(40), checkpoint(60));
        story.seat("w0").seat("w1").staffed();
        assertThat(story.history().generation()).isEqualTo(8);
        story.prepared("w0").prepared("w1");
        assertThat(story.history().group().start()).isEqualTo(new StartPoint.FromCheckpoint(checkpoint(60)));
    }

    @Test
    void workerOfALaterGeneration_isPassedAtOnce_andKeepsWhatItHolds() {
        RunStory story = RunStory.training();
        HeldState held = new HeldState(RUN, 9, 50, 1);
        story.seat("w0", 1, A, held).seat("w1", 1, A, held).staffed();
        assertThat(story.history().generation()).isEqualTo(10);
        assertThat(story.history().group().members()).hasSize(2);
        assertThat(story.last().events()).hasAtLeastOneElementOfType(RunEvent.GenerationFound.class);
        assertThat(story.last().effects())
                .filteredOn(RunEffect.Publish.class::isInstance)
                .anySatisfy(effect -> assertThat(((RunEffect.Publish) effect).event())
                        .isInstanceOfSatisfying(
                                LiveEvent.Warning.class,
                                warning -> assertThat(warning.text()).contains("generation 9 was served")));
    }

    /** Told to leave it would drop the only copy. */
    @Test
    void workerOfTheGenerationThatWasFound_isNotReleased() {
        RunStory story = RunStory.waiting();
        story.told(new RunInput.Stored(7, List.of()));
        HeldState held = new HeldState(RUN, 7, 50, 1);
        story.told(new RunInput.Reported("w0", 1, new RunReport.GroupPrepared(RUN, 7, "w0", held, "digest")));
        assertThat(story.last().effects()).noneMatch(RunEffect.Command.class::isInstance);
    }

    @Test
    void reportOfALaterGeneration_isPassed() {
        RunStory story = RunStory.training();
        story.told(new RunInput.Reported("w5", 3, new RunReport.CheckpointWritten(RUN, 4, "w5", checkpoint(70))));
        assertThat(story.history().generation()).isEqualTo(5);
        assertThat(story.history().committed()).contains(checkpoint(70));
    }

    @Test
    void committedCheckpointThatIsGone_givesWayToTheOneThatIsThere() {
        RunStory story = RunStory.training();
        story.told(new RunInput.Reported("w0", 1, new RunReport.CheckpointWritten(RUN, 1, "w0", checkpoint(20))));
        story.restarted().told(new RunInput.Stored(1, List.of(checkpoint(90))));
        assertThat(story.history().committed()).contains(checkpoint(90));
        assertThat(story.history().generation()).isEqualTo(1);
    }

    /** A checkpoint whose report is still on its way is nobody's business but the report's. */
    @Test
    void storeThatTheJournalKnows_changesNothing() {
        RunStory story = RunStory.training();
        story.told(new RunInput.Reported("w0", 1, new RunReport.CheckpointWritten(RUN, 1, "w0", checkpoint(20))));
        story.restarted().told(new RunInput.Stored(1, List.of(checkpoint(40), checkpoint(20))));
        assertThat(story.last().events()).isEmpty();
        assertThat(story.history().committed()).contains(checkpoint(20));
        assertThat(story.history().generation()).isEqualTo(1);
    }

    /** It may have been noted as counting before it was doubted. */
    @Test
    void checkpointAfterADoubt_isNotTaken() {
        RunStory story = RunStory.training().committed("w0", 10);
        story.told(new RunInput.Reported("w0", 1, new RunReport.StatesDiffer(RUN, 1, "w0", 50, null, "hashes differ")));
        story.told(new RunInput.Stored(7, List.of(checkpoint(60), checkpoint(40))));
        assertThat(story.history().committed()).contains(checkpoint(40));
    }

    @Test
    void doubtOfALaterGeneration_isPassed_andCounts() {
        RunStory story = RunStory.training();
        story.told(new RunInput.Reported("w0", 1, new RunReport.StatesDiffer(RUN, 4, "w0", 50, null, "hashes differ")));
        assertThat(story.history().generation()).isGreaterThanOrEqualTo(4);
        assertThat(story.history().group().trustsMemory(4)).isFalse();
    }

    private static CheckpointRef checkpoint(long step) {
        return CheckpointFolders.reference(RUN, step, "%064x".formatted(step));
    }
}
