package org.isofleet.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.placement.PlacementStory.A;
import static org.isofleet.coordinator.placement.PlacementStory.B;
import static org.isofleet.protocol.study.EvaluationKind.HELD_OUT_LOSS;
import static org.isofleet.protocol.study.EvaluationKind.LINEAR_PROBE;

import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.Staffing;
import org.junit.jupiter.api.Test;

/** Joining costs 5 s here. */
class ElasticRulesTest {
    /** Run 1 could save much by more workers, up to four. */
    private static final Growth LARGE = new Growth(4, 1000, 5);

    private static final Growth SMALL = new Growth(4, 70, 5);
    private static final Growth UNMEASURED = new Growth(4, 0, 5);

    @Test
    void idleWorkers_joinTheRunThatGainsMost() {
        PlacementStory story = trainingTwo(LARGE, SMALL).seen("x1");
        assertThat(story.assignments()).isEqualTo("w1:1 w2:2 x1:1");
        // another three for the large run would save 1000/6, 1000/12; the small one saves 70/2 by one
        assertThat(story.seen("x2", "x3").assignments()).isEqualTo("w1:1 w2:2 x1:1 x2:1 x3:1");
        assertThat(story.seen("x4").assignments())
                .as("it has a worker for each shard")
                .isEqualTo("w1:1 w2:2 x1:1 x2:1 x3:1 x4:2");
    }

    @Test
    void largerRuns_getMore() {
        PlacementStory story = trainingTwo(new Growth(16, 400, 5), new Growth(16, 100, 5));
        story.seen("x1", "x2", "x3", "x4");
        // in the ratio of their square roots: 400 / (k (k + 1)) against 100 / (k (k + 1))
        assertThat(story.assignments()).isEqualTo("w1:1 w2:2 x1:1 x2:1 x3:2 x4:1");
    }

    @Test
    void workerThatIsNotWorthItsJoining_staysIdle() {
        assertThat(trainingTwo(new Growth(4, 10, 5), UNMEASURED).seen("x1").assignments())
                .isEqualTo("w1:1 w2:2");
    }

    @Test
    void waitingRun_goesBeforeAGroupThatWouldGain() {
        assertThat(trainingTwo(LARGE, SMALL).trains(3, 2).seen("x1").assignments())
                .isEqualTo("w1:1 w2:2 x1:3");
    }

    @Test
    void workerOfAnotherClass_joinsNoExactGroup() {
        PlacementStory story = new PlacementStory().seen("w1").trains(1, 1, LARGE, "w1");
        assertThat(story.seen("x1", 1, null, null, B).assignments()).isEqualTo("w1:1");
    }

    @Test
    void waitingRun_isGivenAWorkerOfTheRunThatLosesLeast() {
        PlacementStory story = grown().trains(3, 1);
        assertThat(story.assignments()).as("its run still works with it").isEqualTo("w1:1 w2:2 x1:1 x2:2");
        assertThat(askedBack(story.trains(2, 1, SMALL, "w2", "x2"))).isEqualTo("x2");
        assertThat(askedBack(story.trains(1, 1, LARGE, "w1", "x1"))).isEmpty();
        story.trains(2, 1, UNMEASURED, "w2");
        assertThat(story.assignments()).isEqualTo("w1:1 w2:2 x1:1 x2:3");
        assertThat(askedBack(story.trains(2, 1, UNMEASURED, "w2"))).isEmpty();
    }

    @Test
    void waitingRuns_areGivenOneWorkerEach() {
        PlacementStory story = grown().trains(3, 2).trains(4, 2).trains(5, 2);
        assertThat(askedBack(story.trains(2, 1, SMALL, "w2", "x2"))).isEqualTo("x2");
        assertThat(askedBack(story.trains(1, 1, LARGE, "w1", "x1")))
                .as("the fifth has to wait: nobody gives what its study grants it")
                .isEqualTo("x1");
    }

    @Test
    void metric_isGivenAWorkerToo_oneForAllOfARun() {
        PlacementStory story = grown().measures(3, HELD_OUT_LOSS, LINEAR_PROBE);
        assertThat(askedBack(story.trains(1, 1, LARGE, "w1", "x1"))).isEmpty();
        assertThat(askedBack(story.trains(2, 1, SMALL, "w2", "x2"))).isEqualTo("x2");
        story.trains(2, 1, UNMEASURED, "w2");
        assertThat(story.assignments()).isEqualTo("w1:1 w2:2 x1:1 x2:3/HELD_OUT_LOSS");
    }

    @Test
    void workerThatTheWaitingRunCannotUse_isNotAskedBack() {
        PlacementStory story = grown().trains(3, true, B, 1);
        assertThat(askedBack(story.trains(2, 1, SMALL, "w2", "x2"))).isEmpty();
    }

    @Test
    void workerThatHasNotBegunToWork_isGivenAwayAtOnce() {
        PlacementStory story = trainingTwo(LARGE, SMALL).seen("x1").later(7.9);
        assertThat(story.seen("w1", "w2", "x1").assignments()).isEqualTo("w1:1 w2:2 x1:1");
        assertThat(story.trains(3, 1).assignments())
                .as("a new placement asks nobody")
                .isEqualTo("w1:1 w2:2 x1:1");
        assertThat(story.later(0.1).trains(3, 1).assignments()).isEqualTo("w1:1 w2:2 x1:3");
    }

    @Test
    void workerWhoseJoiningIsNotWorthIt_isFreeAgainIfItHasNotJoined() {
        PlacementStory story = trainingTwo(LARGE, UNMEASURED).seen("x1");
        assertThat(story.trains(1, 1, LARGE, "w1").assignments()).isEqualTo("w1:1 w2:2 x1:1");
        assertThat(story.trains(1, 1, new Growth(4, 9, 5), "w1").assignments()).isEqualTo("w1:1 w2:2");
    }

    @Test
    void memberThatHasJoined_staysThoughTheGroupIsNotMeasured() {
        PlacementStory story = trainingTwo(LARGE, UNMEASURED).seen("x1");
        assertThat(story.trains(1, 1, UNMEASURED, "w1", "x1").assignments()).isEqualTo("w1:1 w2:2 x1:1");
    }

    /** Runs 1 and 2, whose studies grant them one worker, train on w1 and w2. */
    private static PlacementStory trainingTwo(Growth one, Growth two) {
        return new PlacementStory()
                .seen("w1")
                .trains(1, 1, UNMEASURED, "w1")
                .seen("w2")
                .trains(2, 1, UNMEASURED, "w2")
                .trains(1, 1, one, "w1")
                .trains(2, 1, two, "w2");
    }

    /** And have grown by x1 and x2; placement has been there for long. */
    private static PlacementStory grown() {
        return trainingTwo(LARGE, SMALL)
                .seen("x1")
                .trains(1, 1, UNMEASURED, "w1", "x1")
                .seen("x2")
                .trains(2, 1, UNMEASURED, "w2", "x2")
                .trains(1, 1, LARGE, "w1", "x1")
                .trains(2, 1, SMALL, "w2", "x2")
                .later(8)
                .seen("w1", "w2", "x1", "x2");
    }

    private static String askedBack(PlacementStory story) {
        return story.staffing().group().stream()
                .filter(Staffing.Seat::askedBack)
                .map(Staffing.Seat::workerId)
                .reduce("", String::concat);
    }

    @Test
    void groups_areOfOneClass() {
        assertThat(grown().staffing().group())
                .allSatisfy(seat -> assertThat(seat.kernelClass()).isEqualTo(A));
    }
}
