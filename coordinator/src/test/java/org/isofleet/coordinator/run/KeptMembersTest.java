package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.RunNeed;
import org.junit.jupiter.api.Test;

/** One of two members fails the attempt; the other holds step 25. */
class KeptMembersTest {
    @Test
    void memberThatFailed_isReleasedAndTheOtherIsKept() {
        assertThat(failed().outcome()).containsExactly("failed on w0, again +1s", "w0 <- release 1");
        assertThat(need(failed())).isEqualTo("1 workers, has [w1], measures []");
    }

    @Test
    void keptMember_thatTellsOfItsLostPeer_isNotSentAway() {
        RunStory story = failed();
        story.reported("w1", 1, new RunReport.PeerLost(story.runId(), 1, "w1", "w0", "left"));
        assertThat(story.outcome()).isEmpty();
        story.reported("w0", 1, new RunReport.PeerLost(story.runId(), 1, "w0", "w1", "left"));
        assertThat(story.outcome()).containsExactly("w0 <- release 1");
    }

    @Test
    void keptMember_isTheNextGenerationAndItsStepCounts() {
        RunStory story = failed().later(0.9).woken();
        assertThat(story.phase()).isEqualTo("backingoff");
        assertThat(story.later(0.1).woken().outcome()).contains("begun 2 [w1] RETRY reached 25");
        assertThat(story.prepared("w1", story.holds(1, 25, 25)).outcome()).contains("started 2 from w1 at 25");
    }

    @Test
    void member_thatHoldsNothingAnyMore_isNotKept() {
        RunStory story = failed().leaves("w0").seat("w1").staffed();
        assertThat(need(story)).isEqualTo("0 workers, has [], measures []");
    }

    @Test
    void secondFailureInARow_releasesAll() {
        RunStory story = failed().leaves("w0").later(1).woken().prepared("w1").running("w1");
        story.seat("w2").staffed().prepared("w1").prepared("w2").running("w1").running("w2");
        assertThat(story.failed("w1").outcome())
                .containsExactly("failed on w1, again +2s", "w1 <- release 3", "w2 <- release 3");
        assertThat(need(story)).isEqualTo("0 workers, has [], measures []");
    }

    private static RunStory failed() {
        return RunStory.training().holding("w0", 25).holding("w1", 25).staffed().failed("w0");
    }

    private static String need(RunStory story) {
        List<RunNeed> needs = story.last().effects().stream()
                .filter(RunEffect.Need.class::isInstance)
                .map(effect -> ((RunEffect.Need) effect).need())
                .toList();
        return DecisionText.of(needs.get(0));
    }
}
