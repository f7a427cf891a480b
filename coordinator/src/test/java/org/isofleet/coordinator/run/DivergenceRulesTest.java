package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.RunNeed;
import org.junit.jupiter.api.Test;

/** Generation 1 of w0 and w1 has committed step 30 when step 41 comes to no number. */
class DivergenceRulesTest {
    private static RunStory diverged() {
        return RunStory.training().committed("w0", 30).diverged("w0", 41, "bits");
    }

    /** The run goes on with two other workers. */
    private static RunStory replayed(RunStory story) {
        return replayed(story, "w2", "w3");
    }

    private static RunStory replayed(RunStory story, String one, String two) {
        story.leaves("w0").leaves("w1").later(1).woken();
        story.seat(one).seat(two).staffed();
        return story.prepared(one).prepared(two);
    }

    @Test
    void stepThatIsNoNumber_isLeftToOtherWorkers() {
        RunStory story = diverged();
        assertThat(story.outcome()).contains("failed on w0, again +1s", "w0 <- release 1", "w1 <- release 1");
        assertThat(avoided(story)).containsExactly("w0", "w1");
        assertThat(avoided(story.restarted().later(1).woken())).containsExactly("w0", "w1");
    }

    @Test
    void replay_beginsAtTheLastCheckpointWhateverTheFirstWorkersHold() {
        assertThat(replayed(diverged()).outcome()).contains("started 2 from checkpoint 30");
        RunStory same = diverged().later(1).woken();
        same.staffed().prepared("w0", same.holds(1, 40, 40)).prepared("w1", same.holds(1, 40, 40));
        assertThat(same.outcome()).contains("started 2 from checkpoint 30");
    }

    @Test
    void checkpointBeforeTheStep_doesNotCountAnyMore() {
        RunStory story =
                RunStory.training().committed("w0", 30).committed("w0", 40).diverged("w0", 41, "bits");
        assertThat(story.outcome()).contains("discarded 40");
        assertThat(replayed(story).outcome()).contains("started 2 from checkpoint 30");
    }

    @Test
    void sameBitsAgain_parkTheRunAtOnce() {
        RunStory story = replayed(diverged()).diverged("w3", 41, "bits");
        assertThat(story.outcome()).contains("settled PARKED").noneMatch(line -> line.startsWith("failed"));
        assertThat(Objects.requireNonNull(story.history().settled()).reason())
                .isEqualTo(
                        "step 41 has loss NaN; computed on w0, w1 and once more on w2, w3 from the last good checkpoint,"
                                + " with the same bits");
    }

    @Test
    void sameBitsAgain_parkTheRunThoughItHasCommittedBetween() {
        RunStory story =
                RunStory.training().committed("w0", 30).committed("w0", 40).diverged("w0", 41, "bits");
        replayed(story).committed("w2", 40);
        assertThat(story.history().failures()).isEqualTo(1);
        assertThat(story.diverged("w2", 41, "bits").outcome()).contains("settled PARKED");
    }

    @Test
    void stepThatCanBeMade_namesTheFirstWorkers() {
        RunStory story = replayed(diverged());
        assertThat(story.committed("w2", 40).outcome()).doesNotContain("warned");
        assertThat(warnings(story.committed("w2", 50)))
                .containsExactly(
                        "step 41 was no number on w0, w1, and computed once more on w2, w3 it came to other bits:"
                                + " one of w0, w1 computed wrongly");
        assertThat(story.history().diverged()).isNull();
        assertThat(story.history().failures()).isZero();
        assertThat(avoided(story)).containsExactly("w0", "w1");
        assertThat(warnings(story.committed("w2", 60))).isEmpty();
    }

    @Test
    void otherBits_nameTheFirstWorkersAndAreComputedOnceMore() {
        RunStory story = replayed(diverged()).diverged("w2", 35, "others");
        assertThat(warnings(story)).singleElement().asString().endsWith("one of w0, w1 computed wrongly");
        assertThat(story.outcome()).contains("failed on w2, again +2s");
        assertThat(avoided(story)).containsExactly("w0", "w1", "w2", "w3");
        story.leaves("w2").leaves("w3").later(2).woken();
        replayed(story, "w4", "w5").diverged("w5", 35, "others");
        assertThat(story.outcome()).contains("settled PARKED");
    }

    @Test
    void bitsThatDifferEachTime_endWithTheAttempts() {
        RunStory story = replayed(diverged()).diverged("w2", 41, "two");
        story.leaves("w2").leaves("w3").later(2).woken();
        assertThat(replayed(story, "w4", "w5").diverged("w4", 41, "three").outcome())
                .contains("failed on w4, again +4s", "settled PARKED");
    }

    private static List<String> avoided(RunStory story) {
        RunNeed need = Objects.requireNonNull(story.state().lastNeed());
        return need.avoided().stream().map(RunNeed.Holding::workerId).toList();
    }

    private static List<String> warnings(RunStory story) {
        return story.last().effects().stream()
                .filter(e -> e instanceof RunEffect.Publish p && p.event() instanceof LiveEvent.Warning)
                .map(e -> ((LiveEvent.Warning) ((RunEffect.Publish) e).event()).text())
                .toList();
    }
}
