package org.isofleet.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.placement.PlacementStory.A;
import static org.isofleet.coordinator.placement.PlacementStory.B;
import static org.isofleet.coordinator.placement.PlacementStory.held;
import static org.isofleet.protocol.study.EvaluationKind.HELD_OUT_LOSS;
import static org.isofleet.protocol.study.EvaluationKind.LINEAR_PROBE;

import java.util.stream.Stream;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.Staffing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlacementDeciderTest {
    static Stream<Arguments> priorities() {
        return Stream.of(
                row("nobody wants anything", placement().seen("w0"), ""),
                row("as many as wanted", placement().seen("w0", "w1", "w2").trains(1, 2), "w0:1 w1:1"),
                row(
                        "in the order of the study",
                        placement().seen("w0").trains(2, 1).seen("w1").trains(1, 1),
                        "w0:2 w1:1"),
                row("the first run of the study first", waiting(2, 1).seen("w0"), "w0:1"),
                row(
                        "a run that has begun before one that has not",
                        placement().begun(2).trains(1, 1).trains(2, 1).seen("w0"),
                        "w0:2"),
                row(
                        "measuring a trained run before starting another",
                        waiting(1).measures(2, HELD_OUT_LOSS).seen("w0"),
                        "w0:2/HELD_OUT_LOSS"),
                row(
                        "filling a group before starting another",
                        placement().seen("w0").trains(2, 2).trains(1, 1).seen("w1"),
                        "w0:2 w1:2"),
                row(
                        "two metrics on two workers, in order",
                        placement().measures(1, HELD_OUT_LOSS, LINEAR_PROBE).seen("w0", "w1"),
                        "w0:1/HELD_OUT_LOSS w1:1/LINEAR_PROBE"),
                row(
                        "one metric is given to one worker",
                        placement().measures(1, HELD_OUT_LOSS).seen("w0", "w1"),
                        "w0:1/HELD_OUT_LOSS"),
                row(
                        "whoever is busy is not free",
                        placement().seen("w0", 1, null, HELD_OUT_LOSS, A).trains(1, 1),
                        ""),
                row(
                        "whoever holds its parameters goes first",
                        placement().seen("w0").seen("w1", 1, held(1), null, A).trains(1, 1),
                        "w1:1"),
                row(
                        "and is kept for that run a while",
                        placement().seen("w0", 1, held(2), null, A).trains(1, 1),
                        ""),
                row(
                        "but no longer",
                        placement()
                                .seen("w0", 1, held(2), null, A)
                                .later(7)
                                .seen("w0", 1, held(2), null, A)
                                .later(7)
                                .seen("w0", 1, held(2), null, A)
                                .later(6)
                                .seen("w0", 1, held(2), null, A)
                                .trains(1, 1),
                        "w0:1"),
                row(
                        "and not when that run has its own",
                        placement()
                                .seen("w1")
                                .trains(2, 1)
                                .seen("w0", 1, held(2), null, A)
                                .trains(1, 1),
                        "w0:1 w1:2"));
    }

    static Stream<Arguments> kernelClasses() {
        PlacementStory three = placement()
                .seen("w0", 1, null, null, A)
                .seen("w1", 1, null, null, B)
                .seen("w2", 1, null, null, B);
        return Stream.of(
                row("the class with the most free workers", three.trains(1, 2), "w1:1 w2:1"),
                row(
                        "a group is filled in its class",
                        placement()
                                .seen("w0")
                                .trains(1, 2)
                                .seen("w1", 1, null, null, B)
                                .seen("w2"),
                        "w0:1 w2:1"),
                row(
                        "an inexact group is filled in any",
                        placement().seen("w0").trains(1, false, null, 2).seen("w1", 1, null, null, B),
                        "w0:1 w1:1"),
                row(
                        "a pinned run takes its class",
                        placement().seen("w0").seen("w1", 1, null, null, B).trains(1, true, B, 1),
                        "w1:1"),
                row("a pinned run waits for its class", placement().seen("w0").trains(1, true, B, 1), ""),
                row(
                        "another engine does not fit",
                        placement()
                                .seen("w0", 1, null, null, kernel("torch-2", "fp32"))
                                .trains(1, 1),
                        ""),
                row(
                        "another precision does not fit",
                        placement()
                                .seen("w0", 1, null, null, kernel("dl4j-1", "bf16"))
                                .trains(1, 1),
                        ""));
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                row(
                        "a new placement hears who has whom",
                        placement().trains(1, 2, "w0").seen("w1", "w0"),
                        "w0:1 w1:1"),
                row(
                        "whose claim is first",
                        placement().seen("w0").trains(2, 1, "w0").trains(1, 1, "w0"),
                        "w0:2"),
                row(
                        "a claim on another process is void",
                        placement().seen("w0", 2, null, HELD_OUT_LOSS, A).trains(1, 1, "w0"),
                        ""),
                row(
                        "a metric under way is claimed",
                        placement()
                                .seen("w0")
                                .seen("w1", 1, null, HELD_OUT_LOSS, A)
                                .measuresBy(1, HELD_OUT_LOSS, "w1"),
                        "w1:1/HELD_OUT_LOSS"),
                row(
                        "a run that trains no more",
                        placement().seen("w0").trains(1, 1).trains(1, 0),
                        ""),
                row(
                        "a metric that is done, and the next",
                        placement().seen("w0").measures(1, HELD_OUT_LOSS).measures(1, LINEAR_PROBE),
                        "w0:1/LINEAR_PROBE"),
                row(
                        "a place that was taken while its member had not registered is given back",
                        placement().trains(1, 1, "w0").seen("w1", "w0"),
                        "w0:1"),
                row(
                        "unless it saves the run more time than its joining costs",
                        placement().trains(1, 1, new Growth(4, 11, 5), "w0").seen("w1", "w0"),
                        "w0:1 w1:1"),
                row(
                        "and whoever had it goes to another run",
                        waiting(2).trains(1, 1, "w0").seen("w1", "w0", "w1"),
                        "w0:1 w1:2"),
                row(
                        "a group that has what it wants keeps whom it has",
                        placement().trains(1, 2, "w0", "w1").seen("w0", "w1").trains(1, 1, "w0", "w1"),
                        "w0:1 w1:1"),
                row("a run that says nothing any more", silentFor(30), "w0:1"),
                row("for too long", silentFor(31), ""),
                row(
                        "a worker that was not seen",
                        placement().seen("w0").trains(1, 1).later(8).trains(1, 1),
                        "w0:1"),
                row(
                        "for too long",
                        placement().seen("w0").trains(1, 1).later(8.1).trains(1, 1),
                        ""),
                row("a worker is gone", working().gone("w0", 1, "gateway"), ""),
                row("another process is gone", working().gone("w0", 0, "gateway"), "w0:1"),
                row("gone from another gateway", working().gone("w0", 1, "another"), "w0:1"),
                row("started anew and busy", working().seen("w0", 2, null, HELD_OUT_LOSS, A), ""),
                row("started anew", working().seen("w0", 2, null, null, B), "w0:1"),
                row(
                        "a word of the process before",
                        placement()
                                .seen("w0", 2, null, null, A)
                                .seen("w0", 1, null, null, B)
                                .trains(1, true, B, 1),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"priorities", "kernelClasses", "changes"})
    void worker_worksFor(String rule, PlacementStory story, String assignments) {
        assertThat(story.assignments()).isEqualTo(assignments);
    }

    @Test
    void everyNeed_isAnsweredAndEveryHeartbeatTold() {
        PlacementStory story = placement().trains(1, 1);
        assertThat(story.outcome()).containsExactly("1 <- ");
        assertThat(story.seen("w0").outcome()).containsExactly("1 <- w0");
        assertThat(story.seen("w0").outcome()).containsExactly("1 <- w0");
        assertThat(story.seen("w1").outcome()).isEmpty();
        assertThat(story.trains(1, 1, "w0").outcome()).containsExactly("1 <- w0");
        assertThat(story.gone("w0", 1, "gateway").outcome()).containsExactly("1 <- w1");
    }

    @Test
    void staffing_isNumberedAndKnowsTheNewestNeed() {
        PlacementStory story = placement().seen("w0");
        Staffing first = story.trains(1, 1).staffing();
        Staffing second = story.trains(1, 1).staffing();
        assertThat(first.epoch()).isEqualTo(story.state().epoch());
        assertThat(second.isNewerThan(first)).isTrue();
        assertThat(first.needNumber()).isEqualTo(1);
        assertThat(second.needNumber()).isEqualTo(2);
    }

    @Test
    void staleNeed_isNeitherKeptNorAnswered() {
        PlacementStory story = placement().seen("w0").trains(1, 0).trains(1, 1);
        PlacementInput stale = new PlacementInput.Needed(story.need(1).numbered(1));
        assertThat(story.trains(1, 1).need(1).number()).isEqualTo(3);
        assertThat(story.told(stale).outcome()).isEmpty();
        assertThat(story.need(1).number()).isEqualTo(3);
    }

    @Test
    void workerOfNobody_isToldToLeave() {
        PlacementStory story = placement().trains(1, 1, "w0").seen("w0");
        assertThat(story.seen("w1", 1, held(1), null, A).outcome()).containsExactly("w1 leaves 1");
        assertThat(story.seen("w0", 1, held(1), null, A).outcome()).containsExactly("1 <- w0");
    }

    @Test
    void workerThatIsKeptForItsRun_isNotToldToLeave() {
        PlacementStory story = placement();
        for (int i = 0; i < 4; i++) {
            assertThat(story.seen("w1", 1, held(9), null, A).outcome()).isEmpty();
            story.later(5);
        }
        assertThat(story.seen("w1", 1, held(9), null, A).outcome()).containsExactly("w1 leaves 9");
    }

    private static Arguments row(String rule, PlacementStory story, String assignments) {
        return Arguments.of(rule, story, assignments);
    }

    private static PlacementStory placement() {
        return new PlacementStory();
    }

    private static PlacementStory waiting(int... runs) {
        PlacementStory story = placement();
        for (int run : runs) {
            story.trains(run, 1);
        }
        return story;
    }

    private static PlacementStory working() {
        return placement().seen("w0").trains(1, 1);
    }

    private static PlacementStory silentFor(int seconds) {
        PlacementStory story = working();
        for (int i = 0; i < seconds; i++) {
            story.later(1).seen("w0");
        }
        return story;
    }

    private static KernelClass kernel(String engine, String precision) {
        return new KernelClass(engine, "a", precision);
    }
}
