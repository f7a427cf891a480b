package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.run.RunRow.row;
import static org.isofleet.coordinator.run.RunStory.A;
import static org.isofleet.coordinator.run.RunStory.B;

import java.util.List;
import java.util.stream.Stream;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupRulesTest {
    static Stream<RunRow> forming() {
        return Stream.of(
                row("nobody there", RunStory.waiting().woken(), "waiting"),
                row("fewer than wanted: gather", RunStory.waiting().seat("w0").staffed(), "gathering +1s"),
                row("gathering is not prolonged", gathering().later(0.5).woken(), "gathering +0.5s"),
                row(
                        "gathered long enough",
                        gathering().later(1).woken(),
                        "preparing [] until +10s",
                        "begun 1 [w0] FIRST reached 0",
                        "w0 <- prepare 1 [w0]"),
                row("who was gathered leaves", gathering().leaves("w0").staffed(), "waiting"),
                row(
                        "a later worker gathers anew",
                        gathering().leaves("w0").staffed().later(5).seat("w1").staffed(),
                        "gathering +1s"),
                row(
                        "as many as wanted: begin",
                        RunStory.waiting().seat("w0").seat("w1").staffed(),
                        "preparing [] until +10s",
                        "begun 1 [w0, w1] FIRST reached 0",
                        "w0 <- prepare 1 [w0, w1]",
                        "w1 <- prepare 1 [w0, w1]"),
                row(
                        "three share four shards",
                        RunStory.waiting().seat("w0").seat("w1").seat("w2").staffed(),
                        "preparing [] until +10s",
                        "begun 1 [w0, w1, w2] FIRST reached 0",
                        "w0 <- prepare 1 [w0, w1, w2]",
                        "w1 <- prepare 1 [w0, w1, w2]",
                        "w2 <- prepare 1 [w0, w1, w2]"),
                row(
                        "who was asked back is not taken",
                        RunStory.waiting().seat("w0").seat("w1").askedBack("w1").staffed(),
                        "gathering +1s"),
                row(
                        "two kernel classes do not mix",
                        RunStory.waiting().seat("w0").seat("w1", 1, B, null).staffed(),
                        "gathering +1s"),
                row(
                        "inexact runs mix kernel classes",
                        RunStory.inexact()
                                .ordered()
                                .seat("w0")
                                .seat("w1", 1, B, null)
                                .staffed(),
                        "preparing [] until +10s",
                        "begun 1 [w0, w1] FIRST reached 0",
                        "w0 <- prepare 1 [w0, w1]",
                        "w1 <- prepare 1 [w0, w1]"),
                row(
                        "no order, no group",
                        RunStory.unordered().seat("w0").seat("w1").staffed(),
                        "unordered"));
    }

    static Stream<RunRow> preparing() {
        RunStory dropped = RunStory.preparing().prepared("w0").later(10).woken().prepared("w0");
        return Stream.of(
                row("one is prepared", RunStory.preparing().prepared("w0"), "preparing [w0] until +10s"),
                row(
                        "all are prepared",
                        RunStory.preparing().prepared("w0").prepared("w1"),
                        "training [] until +30s",
                        "started 1 fresh",
                        "w0 <- start 1 fresh",
                        "w1 <- start 1 fresh"),
                row(
                        "too early to ask again",
                        RunStory.preparing().prepared("w0").later(1.9).woken(),
                        "preparing [w0] until +8.1s"),
                row(
                        "who is missing is asked again",
                        RunStory.preparing().prepared("w0").later(2).woken(),
                        "preparing [w0] until +8s",
                        "w1 <- prepare 1 [w0, w1]"),
                row(
                        "asked again, then left in peace",
                        RunStory.preparing()
                                .prepared("w0")
                                .later(2)
                                .woken()
                                .later(1)
                                .woken(),
                        "preparing [w0] until +7s"),
                row(
                        "who cannot be reached is not asked",
                        RunStory.preparing()
                                .prepared("w0")
                                .leaves("w1")
                                .staffed()
                                .later(2)
                                .woken(),
                        "preparing [w0] until +8s"),
                row(
                        "and is asked as soon as it can be",
                        RunStory.preparing()
                                .prepared("w0")
                                .leaves("w1")
                                .staffed()
                                .later(2)
                                .woken()
                                .later(1)
                                .seat("w1")
                                .staffed(),
                        "preparing [w0] until +7s",
                        "w1 <- prepare 1 [w0, w1]"),
                row(
                        "deadline: who is missing is dropped",
                        RunStory.preparing().prepared("w0").later(10).woken(),
                        "preparing [] until +10s",
                        "begun 2 [w0] MISSING reached 0",
                        "w1 <- stacks 1",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "deadline: when all are missing none is in doubt",
                        RunStory.preparing().later(10).woken(),
                        "preparing [] until +10s",
                        "begun 2 [w0, w1] MISSING reached 0",
                        "w0 <- prepare 2 [w0, w1]",
                        "w1 <- prepare 2 [w0, w1]"),
                row(
                        "who was dropped is not taken at once",
                        dropped.running("w0").holding("w0", 1).later(49.9).staffed(),
                        "training [w0] until -19.9s"),
                row(
                        "a member is lost",
                        RunStory.preparing().later(8).leaves("w1").staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 0",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "a member is not lost within the grace",
                        RunStory.preparing().later(7.9).leaves("w1").staffed(),
                        "preparing [] until +2.1s",
                        "w0 <- prepare 1 [w0, w1]"),
                row(
                        "a member was started anew",
                        RunStory.preparing().seat("w1", 2, A, null).staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w0, w1] LOST reached 0",
                        "w0 <- prepare 2 [w0, w1]",
                        "w1 <- prepare 2 [w0, w1]"));
    }

    static Stream<RunRow> starting() {
        RunId other = new RunId("0123456789abcdef");
        return Stream.of(
                row("all run", RunStory.starting().running("w0").running("w1"), "training [w0, w1] until +30s"),
                row(
                        "who does not run is told again",
                        RunStory.starting().running("w0").later(2).woken(),
                        "training [w0] until +28s",
                        "w1 <- start 1 fresh"),
                row(
                        "told again, then left in peace",
                        RunStory.starting()
                                .running("w0")
                                .later(2)
                                .woken()
                                .later(1)
                                .woken(),
                        "training [w0] until +27s"),
                row(
                        "deadline: who does not run is dropped",
                        RunStory.starting().running("w0").later(30).woken(),
                        "preparing [] until +10s",
                        "begun 2 [w0] MISSING reached 0",
                        "w1 <- stacks 1",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "a report may come after a heartbeat that does not know of it",
                        RunStory.starting()
                                .running("w0")
                                .running("w1")
                                .later(100)
                                .woken(),
                        "training [w0, w1] until -70s"),
                row(
                        "what a worker holds says that it runs",
                        RunStory.starting()
                                .running("w0")
                                .holding("w0", 5)
                                .holding("w1", 5)
                                .staffed(),
                        "training [w0, w1] until +30s"),
                row(
                        "what it holds of an older generation does not",
                        w1Holds(RunStory.starting(), RunStory.waiting().runId(), 0),
                        "training [w0] until +29s"),
                row(
                        "what it holds of another run does not",
                        w1Holds(RunStory.starting(), other, 1),
                        "training [w0] until +29s"));
    }

    static Stream<RunRow> training() {
        return Stream.of(
                row(
                        "who holds nothing any more is told again to start and has time for it",
                        RunStory.training().later(50).seat("w1").staffed(),
                        "training [w0] until +30s",
                        "w1 <- start 1 fresh"),
                row(
                        "who serves another generation does not run",
                        w1Holds(RunStory.training(), RunStory.waiting().runId(), 0),
                        "training [w0] until +30s"),
                row(
                        "who serves another run does not run",
                        w1Holds(RunStory.training(), new RunId("0123456789abcdef"), 1),
                        "training [w0] until +30s"),
                row(
                        "a member is asked back",
                        full().holding("w0", 9).askedBack("w2").staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w0, w1, w3] GIVEN_BACK reached 9",
                        "w0 <- prepare 2 [w0, w1, w3]",
                        "w1 <- prepare 2 [w0, w1, w3]",
                        "w3 <- prepare 2 [w0, w1, w3]"),
                row(
                        "a member is asked back before all are prepared",
                        RunStory.preparing().askedBack("w1").staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w0] GIVEN_BACK reached 0",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "who was asked back and is still there does not join again",
                        RunStory.preparing()
                                .askedBack("w1")
                                .staffed()
                                .prepared("w0")
                                .running("w0")
                                .later(1)
                                .staffed(),
                        "training [w0] until +29s"),
                row(
                        "a member is not lost within the grace",
                        RunStory.training().later(7.9).leaves("w1").staffed(),
                        "training [w0, w1] until +22.1s"),
                row(
                        "a member is lost",
                        RunStory.training()
                                .later(8)
                                .holding("w0", 20)
                                .leaves("w1")
                                .staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 20",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "members go before newcomers",
                        RunStory.training().later(8).leaves("w0").seat("v9").staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w1, v9] LOST reached 0",
                        "w1 <- prepare 2 [w1, v9]",
                        "v9 <- prepare 2 [w1, v9]"),
                row("all are lost", orphaned(0), "waiting"),
                row(
                        "all were lost and another comes",
                        orphaned(0).seat("w2").staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w2] LOST reached 0",
                        "w2 <- prepare 2 [w2]"),
                row(
                        "nothing is committed: another class will do",
                        orphaned(0).seat("w2", 1, B, null).staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w2] LOST reached 0",
                        "w2 <- prepare 2 [w2]"),
                row(
                        "something is committed: no other class will do",
                        orphaned(10).seat("w2", 1, B, null).staffed(),
                        "waiting"));
    }

    static Stream<RunRow> ending() {
        return Stream.of(
                row(
                        "twelve generations without a step",
                        idle(RunStory.preparing(), 12),
                        "preparing [] until +10s",
                        "begun 13 [w0, w1] MISSING reached 0",
                        "w0 <- prepare 13 [w0, w1]",
                        "w1 <- prepare 13 [w0, w1]"),
                row(
                        "a thirteenth parks the run",
                        idle(RunStory.preparing(), 13),
                        "settled",
                        "settled PARKED",
                        "w0 <- release 13",
                        "w1 <- release 13",
                        "study <- PARKED"),
                row(
                        "a step begins the count anew",
                        idle(idle(RunStory.preparing(), 12).holding("w0", 1).staffed(), 2),
                        "preparing [] until +10s",
                        "begun 15 [w0, w1] MISSING reached 1",
                        "w0 <- prepare 15 [w0, w1]",
                        "w1 <- prepare 15 [w0, w1]"),
                row(
                        "no group for a run that has ended",
                        RunStory.trained().seat("w0").staffed(),
                        "settled"));
    }

    @ParameterizedTest
    @MethodSource({"forming", "preparing", "starting", "training", "ending"})
    void rule_holds(RunRow row) {
        row.check();
    }

    @Test
    void droppedWorker_isTakenAgainAfterAMinute() {
        RunStory story = RunStory.preparing()
                .prepared("w0")
                .later(10)
                .woken()
                .prepared("w0")
                .running("w0");
        story.holding("w0", 1).later(59.9).staffed();
        assertThat(story.outcome()).isEmpty();
        story.later(0.1).woken();
        assertThat(story.outcome()).containsExactly("w1 <- follow w0 in 2");
        assertThat(story.caughtUp("w1", 1).outcome()).contains("begun 3 [w0, w1] JOINED reached 1");
    }

    @Test
    void groupThatForms_isShownWithItsCause() {
        assertThat(RunStory.preparing().last().effects())
                .contains(new RunEffect.Publish(new LiveEvent.RunChanged(
                        RunStory.START,
                        TestPlans.spec(100, 1).id(),
                        LiveEvent.RunState.FORMING,
                        1,
                        List.of("w0", "w1"),
                        0,
                        null,
                        GenerationCause.FIRST)));
    }

    @Test
    void groupThatRuns_isShownOnce() {
        RunStory story = RunStory.starting().running("w0");
        assertThat(shown(story)).isZero();
        story.running("w1");
        assertThat(shown(story)).isEqualTo(1);
        story.running("w1");
        assertThat(shown(story)).isZero();
    }

    private static long shown(RunStory story) {
        return story.last().effects().stream()
                .filter(e -> e instanceof RunEffect.Publish publish
                        && publish.event() instanceof LiveEvent.RunChanged changed
                        && changed.state() == LiveEvent.RunState.TRAINING)
                .count();
    }

    static RunStory gathering() {
        return RunStory.waiting().seat("w0").staffed();
    }

    /** Generation 1 has a member for each of the four shards. */
    static RunStory full() {
        RunStory story =
                RunStory.waiting().seat("w0").seat("w1").seat("w2").seat("w3").staffed();
        List<String> all = List.of("w0", "w1", "w2", "w3");
        all.forEach(story::prepared);
        all.forEach(story::running);
        return story;
    }

    private static RunStory w1Holds(RunStory story, RunId runId, long generation) {
        story.later(1).holding("w0", 0);
        return story.seat("w1", 1, A, new HeldState(runId, generation, 5, 5)).staffed();
    }

    private static RunStory orphaned(long committed) {
        RunStory story = RunStory.training();
        if (committed > 0) {
            story.committed("w0", committed);
        }
        return story.later(8).leaves("w0").leaves("w1").staffed();
    }

    private static RunStory idle(RunStory story, int generations) {
        for (int i = 0; i < generations; i++) {
            story.later(10).woken();
        }
        return story;
    }
}
