package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;

class RunStoryTest {
    private static final RunId RUN = new RunId("0123456789abcdef");
    private final RunStory story = new RunStory();

    @Test
    void whatIsToldAgainAfterARestart_standsInItOnce() {
        story.take(changed(1, RunState.WAITING, 0));
        story.take(changed(2, RunState.FORMING, 1));
        story.take(changed(3, RunState.TRAINING, 1));
        story.take(changed(3, RunState.TRAINING, 1));
        story.take(changed(9, RunState.TRAINING, 1)); // a coordinator that came back
        story.take(changed(2, RunState.FORMING, 1));
        assertThat(story.changes())
                .extracting(RunStory.Change::state)
                .containsExactly("waiting", "forming", "training");
    }

    @Test
    void checkpoints_areTheNewestChain() {
        for (long step : new long[] {10, 20, 30, 20, 30}) {
            story.take(committed(step, false));
        }
        assertThat(story.checkpoints()).extracting(RunStory.Checkpoint::step).containsExactly(10L, 20L, 30L);
        story.take(committed(20, false)); // the run went back, for 30 was damaged
        assertThat(story.checkpoints()).extracting(RunStory.Checkpoint::step).containsExactly(10L, 20L);
        story.take(committed(40, false));
        story.take(committed(40, true));
        assertThat(story.checkpoints()).last().matches(RunStory.Checkpoint::last);
        assertThat(story.checkpoints()).hasSize(3);
    }

    @Test
    void longLives_areToldFromTheirEnd() {
        for (int i = 0; i < 3 * RunStory.MOST; i++) {
            story.take(changed(i, RunState.FORMING, i));
            story.take(committed(i, false));
        }
        assertThat(story.changes()).hasSize(RunStory.MOST);
        assertThat(story.checkpoints()).hasSize(RunStory.MOST).last().matches(c -> c.step() == 3 * RunStory.MOST - 1);
    }

    private static RunChanged changed(long second, RunState state, long generation) {
        return new RunChanged(Instant.ofEpochSecond(second), RUN, state, generation, List.of("w1"), 0, null);
    }

    private static CheckpointCommitted committed(long step, boolean last) {
        CheckpointRef checkpoint = new CheckpointRef(RUN, step, "%064x".formatted(step), "step-" + step);
        return new CheckpointCommitted(Instant.ofEpochSecond(step), checkpoint, last, step);
    }
}
