package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.run.RunRow.row;
import static org.isofleet.protocol.study.EvaluationKind.HELD_OUT_LOSS;

import java.util.Objects;
import java.util.stream.Stream;
import org.isofleet.protocol.run.RunNeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Orders, restarts, which staffing counts, what placement is told, and when the run wakes. */
class RunDeciderTest {
    static Stream<RunRow> orders() {
        return Stream.of(
                row("first order", RunStory.unordered().ordered(), "waiting", "ordered"),
                row("ordered twice", RunStory.waiting().ordered(), "waiting"),
                row("ordered when it trains", RunStory.training().ordered(), "training [w0, w1] until +30s"),
                row(
                        "ordered otherwise when it trains",
                        RunStory.training().orderedWithAttempts(7),
                        "training [w0, w1] until +30s",
                        "ordered"),
                row(
                        "ordered otherwise when it has ended",
                        RunStory.trained().orderedWithAttempts(7),
                        "settled",
                        "study <- DONE"),
                row("ordered when it has ended", RunStory.trained().ordered(), "settled", "study <- DONE"));
    }

    static Stream<RunRow> stops() {
        return Stream.of(
                row(
                        "before its order",
                        RunStory.unordered().stopped(),
                        "settled",
                        "ordered",
                        "settled STOPPED",
                        "study <- STOPPED"),
                row("waiting", RunStory.waiting().stopped(), "settled", "settled STOPPED", "study <- STOPPED"),
                row(
                        "training: members are free",
                        RunStory.training().stopped(),
                        "settled",
                        "settled STOPPED",
                        "w0 <- release 1",
                        "w1 <- release 1",
                        "study <- STOPPED"),
                row("told again", RunStory.training().stopped().stopped(), "settled", "study <- STOPPED"),
                row("and ordered", RunStory.training().stopped().ordered(), "settled", "study <- STOPPED"),
                row("trained: it is measured", RunStory.trained(HELD_OUT_LOSS).stopped(), "evaluating"),
                row("ended", RunStory.trained().stopped(), "settled", "study <- DONE"));
    }

    static Stream<RunRow> restarts() {
        return Stream.of(
                row("nobody ordered it", RunStory.unordered().restarted(), "unordered"),
                row("waiting", RunStory.waiting().restarted(), "waiting"),
                row("preparing: grace and the timeout", RunStory.preparing().restarted(), "preparing [] until +18s"),
                row(
                        "preparing: members are asked again",
                        RunStory.preparing().restarted().staffed(),
                        "preparing [] until +18s",
                        "w0 <- prepare 1 [w0, w1]",
                        "w1 <- prepare 1 [w0, w1]"),
                row("training: grace and three timeouts", RunStory.training().restarted(), "training [] until +38s"),
                row(
                        "training: members that are known to train are left in peace",
                        RunStory.training().restarted().staffed(),
                        "training [w0, w1] until +38s"),
                row(
                        "training: who does nothing is told again",
                        RunStory.training().restarted().seat("w1").staffed(),
                        "training [w0] until +38s",
                        "w1 <- start 1 fresh"),
                row(
                        "training: nobody is lost within the grace",
                        RunStory.training().restarted().leaves("w1").later(7.9).staffed(),
                        "training [w0] until +30.1s"),
                row(
                        "training: after the grace",
                        RunStory.training()
                                .restarted()
                                .leaves("w1")
                                .staffed()
                                .later(8)
                                .woken(),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 0",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "training: nobody is lost while placement is silent",
                        RunStory.training().restarted().later(37).woken(),
                        "training [] until +1s"),
                row(
                        "steps that were reported before the restart are progress",
                        RunStory.training()
                                .holding("w0", 45)
                                .staffed()
                                .lost("w0", "w9")
                                .restarted()
                                .staffed()
                                .later(18)
                                .woken(),
                        "preparing [] until +10s",
                        "begun 3 [w0, w1] MISSING reached 45",
                        "w0 <- prepare 3 [w0, w1]",
                        "w1 <- prepare 3 [w0, w1]"),
                row("backing off", RunStory.training().failed("w0").restarted(), "backingoff"),
                row(
                        "backing off, until its time",
                        RunStory.training()
                                .failed("w0")
                                .restarted()
                                .staffed()
                                .later(1)
                                .woken(),
                        "preparing [] until +10s",
                        "begun 2 [w0, w1] RETRY reached 0",
                        "w0 <- prepare 2 [w0, w1]",
                        "w1 <- prepare 2 [w0, w1]"),
                row("evaluating", RunStory.trained(HELD_OUT_LOSS).restarted(), "evaluating"),
                row("ended: the study is told again", RunStory.trained().restarted(), "settled", "study <- DONE"));
    }

    static Stream<RunRow> staffings() {
        return Stream.of(
                row("an older number", stale(0, -1, 0), "training [w0, w1] until +22s"),
                row("the same number", stale(0, 0, 0), "training [w0, w1] until +22s"),
                row("an older epoch", stale(-1, 99, 0), "training [w0, w1] until +22s"),
                row("of before the run's need changed", stale(0, 1, -1), "training [w0, w1] until +22s"),
                row(
                        "a newer number",
                        stale(0, 1, 0),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 0",
                        "w0 <- prepare 2 [w0]"),
                row("a newer epoch: grace again", stale(1, 1, 0), "training [w0, w1] until +22s"),
                row(
                        "a newer epoch, after the grace",
                        stale(1, 1, 0).later(8).woken(),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 0",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "what members hold is progress",
                        RunStory.training().holding("w0", 45).staffed().lost("w0", "w1"),
                        "preparing [] until +10s",
                        "begun 2 [w0] LOST reached 45",
                        "w0 <- prepare 2 [w0]"),
                row(
                        "what they hold of an older generation is not",
                        RunStory.training()
                                .lost("w0", "w1")
                                .seat("w0", 1, RunStory.A, RunStory.waiting().holds(1, 45, 45))
                                .staffed()
                                .later(10)
                                .woken(),
                        "preparing [] until +10s",
                        "begun 3 [w0, w1] MISSING reached 0",
                        "w0 <- prepare 3 [w0, w1]",
                        "w1 <- prepare 3 [w0, w1]"));
    }

    @ParameterizedTest
    @MethodSource({"orders", "stops", "restarts", "staffings"})
    void rule_holds(RunRow row) {
        row.check();
    }

    @Test
    void decision_leavesTheStateBeforeItAsItWas() {
        RunStory story = RunStory.training();
        RunState before = story.state();
        RunState copy = new RunState(
                before.history(),
                before.phase(),
                before.staffing(),
                before.suspects(),
                before.setbacks(),
                before.severed(),
                before.unmet(),
                before.progress(),
                before.speeds(),
                before.reachedStep(),
                before.graceUntil(),
                before.quietUntil(),
                before.lastNeed(),
                before.changedNumber(),
                before.needAt());
        story.lost("w0", "w1");
        assertThat(before).isEqualTo(copy).isNotEqualTo(story.state());
    }

    @Test
    void need_isSaidWhenItChangesAndEveryTwoSeconds() {
        RunStory story = RunStory.waiting();
        RunNeed first = need(story);
        assertThat(DecisionText.of(first)).isEqualTo("2 workers, has [], measures []");
        assertThat(says(story.later(1.9).woken())).isFalse();
        RunNeed again = need(story.later(0.1).woken());
        assertThat(again.numbered(0)).isEqualTo(first.numbered(0));
        assertThat(again.number()).isGreaterThan(first.number());
        assertThat(story.state().changedNumber()).isEqualTo(first.number());
        RunNeed changed = need(story.seat("w0").seat("w1").staffed());
        assertThat(DecisionText.of(changed)).isEqualTo("2 workers, has [w0, w1], measures []");
        assertThat(story.state().changedNumber()).isEqualTo(changed.number());
    }

    @Test
    void need_growsOverARestart() {
        RunStory story = RunStory.preparing();
        for (int i = 0; i < 5; i++) {
            story.later(2).woken();
        }
        long before = need(story).number();
        assertThat(need(story.later(0.1).restarted()).number()).isGreaterThan(before);
    }

    @Test
    void run_thatHasNeverBegun_leavesWorkersToOthersForThreeSecondsAfterARestart() {
        RunStory story = RunStory.waiting().later(60).restarted();
        assertThat(says(story)).isFalse();
        assertThat(story.wakesInSeconds()).contains(3.0);
        assertThat(says(story.later(2.9).woken())).isFalse();
        assertThat(DecisionText.of(need(story.later(0.1).woken()))).isEqualTo("2 workers, has [], measures []");
        RunStory begun = RunStory.training().later(60).restarted();
        assertThat(DecisionText.of(need(begun))).isEqualTo("2 workers, has [w0, w1], measures []");
    }

    @Test
    void need_ofARunThatHasEnded_isWithdrawnOnce() {
        RunStory story = RunStory.training().finished("w0");
        assertThat(need(story).isEmpty()).isTrue();
        assertThat(says(story.later(60).ordered())).isFalse();
        assertThat(says(story.restarted())).isFalse();
    }

    @Test
    void need_pinsTheKernelClassWhileItsBitsCount() {
        assertThat(need(RunStory.waiting()).kernelClass()).isNull();
        assertThat(need(RunStory.preparing()).kernelClass()).isEqualTo(RunStory.A);
        RunStory orphan = RunStory.training().later(8).leaves("w0").leaves("w1").staffed();
        assertThat(need(orphan).kernelClass()).isNull();
        orphan = RunStory.training()
                .committed("w0", 10)
                .later(8)
                .leaves("w0")
                .leaves("w1")
                .staffed();
        assertThat(need(orphan).kernelClass()).isEqualTo(RunStory.A);
        RunStory inexact = RunStory.inexact().ordered().seat("w0").seat("w1").staffed();
        assertThat(need(inexact).kernelClass()).isNull();
        assertThat(need(inexact).exact()).isFalse();
    }

    @Test
    void wakeUp_isForTheNextDeadline() {
        assertThat(RunStory.unordered().wakesInSeconds()).isEmpty();
        assertThat(RunStory.waiting().wakesInSeconds()).contains(2.0); // the need
        assertThat(RunStory.waiting().seat("w0").staffed().wakesInSeconds()).contains(1.0); // gathering
        assertThat(RunStory.preparing().later(1.5).woken().wakesInSeconds()).contains(0.5); // asking again
        assertThat(RunStory.training().failed("w0").wakesInSeconds()).contains(1.0); // the retry
        assertThat(RunStory.training().failed("w0").later(0.99).woken().wakesInSeconds())
                .contains(0.05); // never sooner
        assertThat(RunStory.trained().wakesInSeconds()).isEmpty();
    }

    /** w1 is gone from a staffing that differs by so much from one that counts, 8 s after training began. */
    private static RunStory stale(long epoch, long number, long need) {
        RunStory story = RunStory.training().later(6).woken().later(2).leaves("w1");
        return story.staffed(
                story.epoch() + epoch,
                story.state().staffing().number() + number,
                story.state().changedNumber() + need);
    }

    private static boolean says(RunStory story) {
        return story.last().effects().stream().anyMatch(RunEffect.Need.class::isInstance);
    }

    private static RunNeed need(RunStory story) {
        return Objects.requireNonNull(story.state().lastNeed());
    }
}
