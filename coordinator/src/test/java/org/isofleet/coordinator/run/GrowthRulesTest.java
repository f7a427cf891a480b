package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.isofleet.protocol.run.Growth;
import org.junit.jupiter.api.Test;

/** The run of {@link RunStory} has 100 steps and four shards, and its study grants it two workers; a group is measured for 6 s. */
class GrowthRulesTest {
    private static final Instant NOW = RunStory.START;

    @Test
    void growth_isSaidOnceAFewStepsWereMeasured() {
        RunStory story = RunStory.training();
        assertThat(growth(story).divisibleSeconds()).isZero();
        steps(story, 2, 2, 2, 0);
        assertThat(growth(story).divisibleSeconds()).as("4 s are too little").isZero();
        steps(story, 2, 2, 1, 2);
        // two workers need 2 s a step, so one needs 4, and 97 steps are left
        assertThat(growth(story).divisibleSeconds()).isCloseTo(97 * 4, within(1e-6));
        assertThat(growth(story).most()).isEqualTo(4);
        assertThat(growth(story).joiningSeconds()).isEqualTo(5);
    }

    @Test
    void growth_isSaidWithTheNeed() {
        RunStory story = measured(2, 2);
        assertThat(Objects.requireNonNull(story.state().lastNeed()).growth()).isEqualTo(growth(story));
    }

    @Test
    void group_thatJustGrew_isNotMeasuredYet() {
        RunStory story = measured(2, 2).seat("w2").staffed().caughtUp("w2", 10);
        assertThat(growth(story).divisibleSeconds()).isZero();
        assertThat(story.history().group().members()).hasSize(3);
    }

    @Test
    void group_thatIsSlowerThanASmallerOne_isMadeSmallerAndStaysSo() {
        RunStory story = measured(2, 2).seat("w2").staffed().caughtUp("w2", 10);
        List.of("w0", "w1", "w2").forEach(story::prepared);
        List.of("w0", "w1", "w2").forEach(worker -> story.running(worker, 10));
        steps(story, 3, 3, 2, 10);
        assertThat(story.outcome()).contains("begun 3 [w0, w1] GIVEN_BACK reached 12");
        story.leaves("w2").staffed();
        List.of("w0", "w1").forEach(story::prepared);
        List.of("w0", "w1").forEach(worker -> story.running(worker, 12));
        steps(story, 2, 2, 10, 12);
        assertThat(growth(story).divisibleSeconds())
                .as("nobody gains by a third")
                .isZero();
        assertThat(growth(story).most()).isEqualTo(4);
    }

    @Test
    void group_thatIsAbsentInPart_isNotTakenForTooLarge() {
        RunStory story = measured(2, 2).newPlacement().leaves("w1").staffed();
        assertThat(story.outcome()).isEmpty();
    }

    @Test
    void speeds_ofTwoSizes_tellWhatDivides() {
        assertThat(speeds(Map.of(1, 9.0)).divisibleSeconds(1)).isEqualTo(9);
        assertThat(speeds(Map.of(2, 9.0)).divisibleSeconds(2)).isEqualTo(18);
        // 1 s that does not divide and 8 s that do
        assertThat(speeds(Map.of(1, 9.0, 2, 5.0)).divisibleSeconds(2)).isCloseTo(8, within(1e-9));
        assertThat(speeds(Map.of(1, 9.0, 2, 5.0, 4, 3.0)).divisibleSeconds(4)).isCloseTo(8, within(1e-9));
        assertThat(speeds(Map.of(2, 5.0, 4, 3.0)).divisibleSeconds(2)).isCloseTo(8, within(1e-9));
        assertThat(speeds(Map.of(1, 2.0, 2, 3.0)).divisibleSeconds(2))
                .as("slower")
                .isZero();
        assertThat(speeds(Map.of(1, 9.0, 2, 1.0)).divisibleSeconds(2))
                .as("no more than all of it")
                .isEqualTo(2);
    }

    @Test
    void speeds_thatAreClearlyBetter_count() {
        assertThat(speeds(Map.of(1, 2.0, 2, 2.2)).fastest(1, 2)).as("noise").isEqualTo(2);
        assertThat(speeds(Map.of(1, 2.0, 2, 2.4)).fastest(1, 2)).isEqualTo(1);
        assertThat(speeds(Map.of(1, 2.0, 2, 2.4)).fastest(2, 2)).as("granted").isEqualTo(2);
        assertThat(speeds(Map.of(1, 2.0, 2, 1.9, 3, 3.0)).fastest(1, 3)).isEqualTo(2);
        assertThat(speeds(Map.of(1, 2.0)).fastest(1, 3)).as("not measured").isEqualTo(3);
    }

    @Test
    void speeds_ofLongAgo_areForgotten() {
        GroupSpeeds old = GroupSpeeds.NONE.with(1, Duration.ofSeconds(1), NOW);
        Instant later = NOW.plus(Duration.ofMinutes(10));
        assertThat(old.with(2, Duration.ofSeconds(9), later).fastest(1, 2)).isEqualTo(1);
        assertThat(old.with(2, Duration.ofSeconds(9), later.plusSeconds(1)).fastest(1, 2))
                .isEqualTo(2);
    }

    private static GroupSpeeds speeds(Map<Integer, Double> seconds) {
        GroupSpeeds speeds = GroupSpeeds.NONE;
        for (var each : new TreeMap<>(seconds).entrySet()) {
            speeds = speeds.with(each.getKey(), Duration.ofNanos(Math.round(each.getValue() * 1e9)), NOW);
        }
        return speeds;
    }

    private static RunStory measured(int stepSeconds, int members) {
        return steps(RunStory.training(), members, stepSeconds, 10, 0);
    }

    /** Members make steps, seconds apart. */
    private static RunStory steps(RunStory story, int members, int seconds, int steps, int from) {
        for (int step = from + 1; step <= from + steps; step++) {
            story.later(seconds);
            for (int member = 0; member < members; member++) {
                story.holding("w" + member, step);
            }
            story.staffed();
        }
        return story;
    }

    private static Growth growth(RunStory story) {
        return GrowthRules.growth(new RunTurn(story.state(), story.now(), RunPace.DEFAULT, "store"));
    }
}
