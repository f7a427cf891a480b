package org.isofleet.coordinator.run;

import static org.isofleet.coordinator.run.GroupRulesTest.full;
import static org.isofleet.coordinator.run.GroupRulesTest.gathering;
import static org.isofleet.coordinator.run.RunRow.row;
import static org.isofleet.coordinator.run.RunStory.A;
import static org.isofleet.coordinator.run.RunStory.B;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Newcomers follow first, and join when they have caught up. */
class FollowRulesTest {
    static Stream<RunRow> newcomers() {
        return Stream.of(
                row(
                        "a free worker follows, while the group goes on",
                        alone().holding("w0", 25).seat("w1").staffed(),
                        "training [w0] until +30s",
                        "w1 <- follow w0 in 1"),
                joined(
                        "who has caught up joins",
                        alone().holding("w0", 25).seat("w1").staffed().caughtUp("w1", 24),
                        25,
                        List.of("w0", "w1")),
                row(
                        "no free worker of another class joins",
                        alone().seat("w1", 1, B, null).staffed(),
                        "training [w0] until +30s"),
                row(
                        "nobody joins before all run",
                        gathering().later(1).woken().prepared("w0").seat("w1").staffed(),
                        "training [] until +30s"),
                row(
                        "who follows does not run",
                        RunStory.starting().running("w0").seat("w2").staffed().caughtUp("w2", 1),
                        "training [w0] until +30s"),
                joined(
                        "who holds what the group is behind joins at once",
                        alone().holding("w0", 25)
                                .staffed()
                                .seat(
                                        "w1",
                                        1,
                                        A,
                                        new HeldState(RunStory.waiting().runId(), 0, 25, 25))
                                .staffed(),
                        25,
                        List.of("w0", "w1")),
                row(
                        "who follows is told again",
                        following().later(2).woken(),
                        "training [w0, w1] until +28s",
                        "w2 <- follow w1 in 1",
                        "w3 <- follow w0 in 1"),
                row(
                        "told again, then left in peace",
                        following().later(2).woken().later(1).woken(),
                        "training [w0, w1] until +27s"),
                row("newcomers wait for each other", following().caughtUp("w2", 9), "training [w0, w1] until +30s"),
                joined(
                        "newcomers that have caught up join together",
                        following().caughtUp("w2", 9).caughtUp("w3", 9),
                        9,
                        List.of("w0", "w1", "w2", "w3")),
                joined(
                        "who cannot follow joins all the same",
                        following().caughtUp("w2", 9).cannotFollow("w3"),
                        9,
                        List.of("w0", "w1", "w2", "w3"),
                        "warned"),
                joined(
                        "who does not catch up in time joins all the same",
                        following().caughtUp("w2", 9).later(30).woken(),
                        9,
                        List.of("w0", "w1", "w2", "w3")),
                row(
                        "a late word of one that follows no more changes nothing",
                        following()
                                .later(30)
                                .woken()
                                .reported(
                                        "w3",
                                        1,
                                        new RunReport.FollowingFailed(
                                                RunStory.waiting().runId(), 1, "w3", "reset")),
                        "preparing [] until +10s"),
                row(
                        "who is given to another run follows no more",
                        following().leaves("w3").staffed(),
                        "training [w0, w1] until +30s",
                        "w3 <- release 1"),
                row(
                        "a group that loses a member takes in who follows",
                        following().later(8).leaves("w1").staffed(),
                        "preparing [] until +10s",
                        "begun 2 [w0, w2, w3] LOST reached 9",
                        "w0 <- prepare 2 [w0, w2, w3]",
                        "w2 <- prepare 2 [w0, w2, w3]",
                        "w3 <- prepare 2 [w0, w2, w3]"),
                row(
                        "nobody follows a run that has ended",
                        following().finished("w0"),
                        "settled",
                        "trained 100",
                        "settled DONE",
                        "w0 <- keep [100]",
                        "w0 <- release 1",
                        "w1 <- release 1",
                        "study <- DONE",
                        "w2 <- release 1",
                        "w3 <- release 1"),
                joined(
                        "another joins, beyond those that its study grants it",
                        RunStory.training()
                                .holding("w0", 9)
                                .seat("w2")
                                .staffed()
                                .caughtUp("w2", 9),
                        9,
                        List.of("w0", "w1", "w2")),
                row(
                        "nobody joins a group that has a member for each shard",
                        full().seat("w4").staffed(),
                        "training [w0, w1, w2, w3] until +30s"));
    }

    /** The row of a second generation with those members. */
    private static RunRow joined(String name, RunStory story, long reached, List<String> members, String... before) {
        List<String> lines = new ArrayList<>();
        lines.add("preparing [] until +10s");
        lines.add("begun 2 %s JOINED reached %d".formatted(members, reached));
        lines.addAll(List.of(before));
        members.forEach(member -> lines.add("%s <- prepare 2 %s".formatted(member, members)));
        return row(name, story, lines.get(0), lines.subList(1, lines.size()).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("newcomers")
    void rule_holds(RunRow row) {
        row.check();
    }

    /** Generation 1 is w0, which trains. */
    private static RunStory alone() {
        return gathering().later(1).woken().prepared("w0").running("w0");
    }

    /** Generation 1 is w0 and w1, which train; w2 and w3 were told to follow. */
    private static RunStory following() {
        return RunStory.training().holding("w0", 9).seat("w2").seat("w3").staffed();
    }
}
