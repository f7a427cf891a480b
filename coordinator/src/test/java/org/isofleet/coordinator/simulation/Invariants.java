package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.jspecify.annotations.Nullable;

/** What must hold after every event and of every command, whatever happens. */
final class Invariants {
    private Invariants() {}

    static void checkEvent(@Nullable RunHistory before, RunEvent event) {
        if (before == null) {
            assertThat(event).isInstanceOf(RunEvent.RunOrdered.class);
            return;
        }
        RunHistory after = RunHistory.after(before, event);
        assertThat(after.generation()).isGreaterThanOrEqualTo(before.generation());
        if (event instanceof RunEvent.GenerationBegun begun) {
            assertThat(begun.generation()).isEqualTo(before.generation() + 1);
        }
        if (!(event instanceof RunEvent.CheckpointDiscarded)) {
            assertThat(after.committedStep()).isGreaterThanOrEqualTo(before.committedStep());
        }
        boolean retried = event instanceof RunEvent.Operated operated
                && operated.wish().action() == OperatorWish.Action.RETRY
                && before.completed() == null;
        assertThat(retried ? null : before.settled())
                .as("nothing happens after the end but another try of what has no result: %s", event)
                .isNull();
        if (before.completed() != null) {
            assertThat(after.completed()).isEqualTo(before.completed());
        }
    }

    /** {@code journaled}: the history as the journal has it at the moment of sending. */
    static void checkCommand(RunHistory journaled, WorkerCommand command) {
        if (command instanceof WorkerCommand.PrepareGroup prepare) {
            assertThat(prepare.plan().generation()).isEqualTo(journaled.generation());
            assertThat(prepare.plan().members()).isEqualTo(journaled.group().members());
        } else if (command instanceof WorkerCommand.StartGroup start) {
            assertThat(start.generation()).isEqualTo(journaled.generation());
            assertThat(start.from()).isEqualTo(journaled.group().start());
        } else if (command instanceof WorkerCommand.ReleaseGroup release) {
            assertThat(release.generation()).isLessThanOrEqualTo(journaled.generation());
        } else if (command instanceof WorkerCommand.CollectCheckpoints collect) {
            assertThat(collect.generation()).isEqualTo(journaled.generation());
            assertThat(collect.keep()).isEqualTo(journaled.needed()).isNotEmpty();
        } else if (command instanceof WorkerCommand.Evaluate) {
            assertThat(journaled.completed()).isNotNull();
        }
    }

    /** {@code needed}: what the journal counts on at the moment of deletion. */
    static void checkDeleted(Set<CheckpointRef> deleted, List<CheckpointRef> needed) {
        assertThat(deleted).doesNotContainAnyElementsOf(needed);
    }
}
