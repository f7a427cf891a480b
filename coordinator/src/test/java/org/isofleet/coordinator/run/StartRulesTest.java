package org.isofleet.coordinator.run;

import static org.isofleet.coordinator.run.RunRow.row;

import java.util.stream.Stream;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two members are prepared and hold what the row says; the outcome is where they start. */
class StartRulesTest {
    private static final long NOTHING = -1;

    static Stream<RunRow> starts() {
        return Stream.of(
                from("nothing was ever trained", 0, NOTHING, NOTHING, "fresh"),
                from("nothing is held", 40, NOTHING, NOTHING, "from checkpoint 40"),
                from("one holds a later step", 40, NOTHING, 45, "from w1 at 45"),
                from("both hold the same step: the first", 40, 45, 45, "from w0 at 45"),
                from("the highest step counts", 40, 44, 45, "from w1 at 45"),
                from("the step of the checkpoint, in memory", 40, 40, NOTHING, "from w0 at 40"),
                from("older than the checkpoint", 40, 39, 38, "from checkpoint 40"),
                from("held, and no checkpoint yet", 0, NOTHING, 5, "from w1 at 5"),
                from("initialised, and no step made", 0, 0, NOTHING, "from w0 at 0"));
    }

    static Stream<RunRow> doubts() {
        RunId other = new RunId("0123456789abcdef");
        return Stream.of(
                started(
                        "the same step with different bits",
                        held(regrouped(40), new HeldState(RunStory.waiting().runId(), 1, 45, 7)),
                        "from checkpoint 40",
                        "warned"),
                started(
                        "different bits and no checkpoint",
                        held(regrouped(0), new HeldState(RunStory.waiting().runId(), 1, 45, 7)),
                        "fresh",
                        "warned"),
                started(
                        "different bits at different steps",
                        held(regrouped(40), new HeldState(RunStory.waiting().runId(), 1, 46, 7)),
                        "from w1 at 46"),
                started(
                        "parameters of another run do not count",
                        held(regrouped(40), new HeldState(other, 1, 99, 99)),
                        "from w0 at 45"));
    }

    @ParameterizedTest
    @MethodSource({"starts", "doubts"})
    void rule_holds(RunRow row) {
        row.check();
    }

    private static RunRow from(String rule, long committed, long w0, long w1, String from) {
        RunStory story = regrouped(committed);
        story.prepared("w0", w0 == NOTHING ? null : story.holds(1, w0, w0));
        story.prepared("w1", w1 == NOTHING ? null : story.holds(1, w1, w1));
        return started(rule, story, from);
    }

    private static RunRow started(String rule, RunStory story, String from, String... warned) {
        return row(
                rule,
                story,
                "training [] until +30s",
                Stream.concat(
                                Stream.of("started 2 " + from),
                                Stream.concat(
                                        Stream.of(warned), Stream.of("w0 <- start 2 " + from, "w1 <- start 2 " + from)))
                        .toArray(String[]::new));
    }

    /** w0 holds step 45 of this run. */
    private static RunStory held(RunStory story, HeldState byW1) {
        return story.prepared("w0", story.holds(1, 45, 45)).prepared("w1", byW1);
    }

    /** Generation 2 of both prepares. */
    private static RunStory regrouped(long committed) {
        RunStory story = RunStory.training();
        if (committed > 0) {
            story.committed("w0", committed);
        }
        return story.lost("w0", "w9");
    }
}
