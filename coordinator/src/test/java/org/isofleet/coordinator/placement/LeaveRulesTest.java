package org.isofleet.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.placement.PlacementStory.A;
import static org.isofleet.coordinator.placement.PlacementStory.held;
import static org.isofleet.protocol.study.EvaluationKind.HELD_OUT_LOSS;

import java.util.List;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.Staffing;
import org.junit.jupiter.api.Test;

class LeaveRulesTest {
    private static final Growth NOTHING_LEFT = new Growth(4, 1, 5);

    /** w0 and w1 train run 1. */
    private static PlacementStory two() {
        return new PlacementStory()
                .seen("w0", "w1")
                .trains(1, 2, NOTHING_LEFT, "w0", "w1")
                .seen("w0", 1, held(1), null, A)
                .seen("w1", 1, held(1), null, A);
    }

    private static List<String> askedBack(PlacementStory story) {
        return story.staffing().group().stream()
                .filter(Staffing.Seat::askedBack)
                .map(Staffing.Seat::workerId)
                .toList();
    }

    @Test
    void memberThatLeaves_isAskedBackAtOnce_andReleasedWhenItsRunGoesOnWithoutIt() {
        PlacementStory story = two();
        assertThat(askedBack(story.leaving("w0", held(1)))).containsExactly("w0");
        assertThat(askedBack(story.seen("w1", 1, held(1), null, A)))
                .as("whoever is heard")
                .containsExactly("w0");
        story.trains(1, 2, NOTHING_LEFT, "w1");
        assertThat(story.assignments()).isEqualTo("w1:1");
        assertThat(story.leaving("w0", held(1)).outcome()).containsExactly("w0 leaves 1");
        assertThat(story.leaving("w0", null).assignments()).isEqualTo("w1:1");
    }

    @Test
    void memberThatIsAlone_goesWhenAnotherHasJoinedIt() {
        PlacementStory story = new PlacementStory().seen("w0").trains(1, 1, NOTHING_LEFT, "w0");
        assertThat(askedBack(story.leaving("w0", held(1)))).isEmpty();
        assertThat(story.seen("x1").assignments()).as("its place is open").isEqualTo("w0:1 x1:1");
        story.seen("x1", 1, held(1), null, A);
        assertThat(askedBack(story.leaving("w0", held(1))))
                .as("x1 follows and is no member")
                .isEmpty();
        assertThat(askedBack(story.trains(1, 1, NOTHING_LEFT, "w0", "x1"))).containsExactly("w0");
    }

    @Test
    void allWhoLeave_areNobodysHeirs() {
        assertThat(askedBack(two().leaving("w0", held(1)).leaving("w1", held(1))))
                .isEmpty();
    }

    @Test
    void workerThatLeaves_getsNothingToDo() {
        PlacementStory story = new PlacementStory().leaving("w0", null);
        assertThat(story.trains(1, 1).measures(2, HELD_OUT_LOSS).assignments()).isEmpty();
        assertThat(new PlacementStory()
                        .seen("w0")
                        .trains(1, 1)
                        .leaving("w0", null)
                        .assignments())
                .as("nor what it was given and has not begun")
                .isEmpty();
    }

    @Test
    void metricUnderWay_isFinished() {
        PlacementStory story = new PlacementStory().seen("w0").measuresBy(1, HELD_OUT_LOSS, "w0");
        assertThat(story.leaving("w0", null).assignments()).isEqualTo("w0:1/HELD_OUT_LOSS");
    }

    @Test
    void workerThatHoldsARunOfWhichNothingIsHeard_isNotKeptForIt() {
        PlacementStory story = new PlacementStory().seen("w0", 1, held(1), null, A);
        assertThat(story.outcome()).isEmpty();
        assertThat(story.leaving("w0", held(1)).outcome()).containsExactly("w0 leaves 1");
    }
}
