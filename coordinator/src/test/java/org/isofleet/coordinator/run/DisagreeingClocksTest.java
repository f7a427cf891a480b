package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.protocol.run.RunNeed;
import org.junit.jupiter.api.Test;

/** A run or placement moves to a node whose clock is behind. */
class DisagreeingClocksTest {
    private static final double HOUR_SECONDS = 3600;

    @Test
    void placement_whoseClockIsBehind_isListenedTo() {
        RunStory story = RunStory.training();
        RunNeed need = need(story.later(2).woken());
        story.later(8).leaves("w1").staffed(story.epoch() - 3_600_000, 1, need.number());
        assertThat(story.state().staffing().epoch()).isEqualTo(story.epoch() - 3_600_000);
        assertThat(story.state().staffing().group()).hasSize(1);
    }

    @Test
    void placementOfBefore_isNotListenedToAnyMore() {
        RunStory story = RunStory.training();
        long before = story.epoch();
        RunNeed need = need(story.later(2).woken());
        story.staffed(before - 3_600_000, 1, need.number());
        story.leaves("w1").staffed(before, 99, need.number() - 1);
        assertThat(story.state().staffing().group()).hasSize(2);
    }

    @Test
    void run_whoseClockIsBehind_saysItsNeedAboveWhatPlacementKnows() {
        RunStory story = RunStory.training();
        long known = need(story.later(2).woken()).number();
        story.later(-HOUR_SECONDS).restarted();
        assertThat(need(story).number()).isLessThan(known);
        story.staffed(story.epoch(), 1000, known);
        assertThat(need(story.later(2).woken()).number()).isGreaterThan(known);
    }

    private static RunNeed need(RunStory story) {
        List<RunNeed> needs = story.last().effects().stream()
                .filter(RunEffect.Need.class::isInstance)
                .map(effect -> ((RunEffect.Need) effect).need())
                .toList();
        return needs.get(0);
    }
}
