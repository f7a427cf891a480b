package org.isofleet.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;

class LiveStreamTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whoComesLate_isShownTheNewestCheckpointOfEachRun() {
        List<LiveEvent> late = Collections.synchronizedList(new ArrayList<>());
        List<LiveEvent> early = Collections.synchronizedList(new ArrayList<>());
        try (LiveStream live = new LiveStream()) {
            live.subscribe(early::add);
            for (long step = 10; step <= 30; step += 10) {
                live.accept(checkpoint("a", step));
                live.accept(checkpoint("b", 2 * step));
            }
            live.subscribe(late::add);
            live.flushed().join();
        }
        assertThat(early).hasSize(6);
        assertThat(late).containsExactly(checkpoint("a", 30), checkpoint("b", 60));
    }

    private static LiveEvent checkpoint(String run, long step) {
        RunId runId = new RunId(run.repeat(16));
        CheckpointRef checkpoint = new CheckpointRef(runId, step, "%064x".formatted(step), "step-" + step);
        return new LiveEvent.CheckpointCommitted(AT, checkpoint, false, step);
    }
}
