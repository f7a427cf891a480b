package org.isofleet.metrics.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.isofleet.metrics.live.LiveEvent.WorkerLost;
import org.junit.jupiter.api.Test;

class FaultCountsTest {
    @Test
    void workerThatDrained_isNoLoss() {
        FaultCounts counts = new FaultCounts();
        counts.take(new WorkerLost(Instant.EPOCH, "w1", "it left: it was asked to end", true));
        counts.take(new WorkerLost(Instant.EPOCH, "w2", "its heartbeats stopped", false));
        assertThat(counts.workerLosses()).isEqualTo(1);
    }
}
