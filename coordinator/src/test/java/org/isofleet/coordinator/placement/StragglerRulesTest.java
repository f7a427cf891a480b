package org.isofleet.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.placement.PlacementStory.held;

import java.util.List;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.Staffing;
import org.junit.jupiter.api.Test;

class StragglerRulesTest {
    private static final Growth NOTHING_LEFT = new Growth(4, 1, 5);
    private static final Growth MUCH_LEFT = new Growth(4, 1000, 5);

    /** w0 and w1 train run 1 and are as fast as they can be. */
    private static PlacementStory two() {
        PlacementStory story = new PlacementStory().seen("w0", "w1").trains(1, 2, NOTHING_LEFT, "w0", "w1");
        return story.later(7.9).paced("w0", held(1), 1).paced("w1", held(1), 1).later(0.2);
    }

    private static List<String> askedBack(PlacementStory story) {
        return story.staffing().group().stream()
                .filter(Staffing.Seat::askedBack)
                .map(Staffing.Seat::workerId)
                .toList();
    }

    @Test
    void straggler_isAskedBackWhenAnotherIsIdle() {
        PlacementStory story = two().seen("x1");
        assertThat(askedBack(story.paced("w0", held(1), 1.9))).isEmpty();
        assertThat(askedBack(story.paced("w0", held(1), 2))).containsExactly("w0");
        story.trains(1, 2, NOTHING_LEFT, "w1");
        assertThat(story.assignments()).as("the idle one has its place").isEqualTo("w1:1 x1:1");
    }

    @Test
    void straggler_staysWhileNobodyIsIdle() {
        assertThat(askedBack(two().paced("w0", held(1), 5))).isEmpty();
        assertThat(askedBack(two().seen("x1").trains(2, 1, NOTHING_LEFT, "x1").paced("w0", held(1), 5)))
                .isEmpty();
    }

    @Test
    void groupWhoseMembersAreAllSlow_keepsThem() {
        assertThat(askedBack(two().seen("x1").paced("w1", held(1), 3).paced("w0", held(1), 3)))
                .isEmpty();
    }

    @Test
    void stragglerThatIsAlone_isReplacedByWhoHasJoinedIt() {
        PlacementStory story = new PlacementStory().seen("w0").trains(1, 1, MUCH_LEFT, "w0");
        story.later(8).paced("w0", held(1), 3).seen("x1");
        assertThat(story.assignments()).isEqualTo("w0:1 x1:1");
        story.trains(1, 1, MUCH_LEFT, "w0", "x1");
        assertThat(askedBack(story.paced("w0", held(1), 3)))
                .as("the new one holds nothing yet")
                .isEmpty();
        story.paced("x1", held(1), 1);
        assertThat(askedBack(story.paced("w0", held(1), 3))).containsExactly("w0");
    }

    @Test
    void stragglerThatWasReplaced_joinsNobodyForAWhile() {
        PlacementStory story = two().seen("x1").paced("w0", held(1), 3);
        story.trains(1, 2, MUCH_LEFT, "w1", "x1").paced("w0", null, 0);
        assertThat(story.assignments()).isEqualTo("w1:1 x1:1");
        assertThat(story.trains(2, 1).assignments()).as("but it works alone").isEqualTo("w0:2 w1:1 x1:1");
    }

    @Test
    void stragglerThatHasRested_mayJoinAgain() {
        PlacementStory story = two().seen("x1").paced("w0", held(1), 3);
        story.trains(1, 2, MUCH_LEFT, "w1", "x1").paced("w0", null, 0);
        story.later(301).seen("w1", "x1").trains(1, 2, MUCH_LEFT, "w1", "x1").paced("w0", null, 0);
        assertThat(story.assignments()).isEqualTo("w0:1 w1:1 x1:1");
    }

    /** Else it would come and go for ever. */
    @Test
    void stragglerThatStragglesAgain_restsTwiceAsLong() {
        PlacementStory story = two().seen("x1").paced("w0", held(1), 3);
        assertThat(rested(story, 290).assignments()).isEqualTo("w1:1 x1:1");
        assertThat(rested(story, 10).assignments()).isEqualTo("w0:1 w1:1 x1:1");
        story.trains(1, 2, MUCH_LEFT, "w1", "x1", "w0").paced("w1", held(1), 1).paced("w0", held(1), 3);
        assertThat(askedBack(story)).containsExactly("w0");
        assertThat(rested(story, 590).assignments()).isEqualTo("w1:1 x1:1");
        assertThat(rested(story, 10).assignments()).isEqualTo("w0:1 w1:1 x1:1");
    }

    /** w1 and x1 train on, and w0 is free; all are heard all the time. */
    private static PlacementStory rested(PlacementStory story, int seconds) {
        for (int second = 0; second < seconds; second += 5) {
            story.later(5).trains(1, 2, MUCH_LEFT, "w1", "x1").seen("w1", "x1").paced("w0", null, 0);
        }
        return story;
    }

    @Test
    void newPlacement_asksNobody() {
        PlacementStory story = new PlacementStory().seen("w0", "w1", "x1").trains(1, 2, NOTHING_LEFT, "w0", "w1");
        assertThat(askedBack(story.paced("w1", held(1), 1).paced("w0", held(1), 3)))
                .isEmpty();
    }
}
