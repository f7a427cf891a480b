package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FleetMemoryTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10); // clocks may begin anywhere

    @Test
    void growth_isOfTheLastQuarterOverTheFirst_whicheverProcessesTheyWere() {
        FleetMemory memory = new FleetMemory(nanos::get);
        long[] bytes = {10, 70, 30, 90, 20, 80, 60, 50};
        for (int i = 0; i < bytes.length; i++) {
            nanos.addAndGet(10);
            memory.see("w1", i < 4 ? 17 : 18, bytes[i]);
        }
        assertThat(memory.rows()).containsExactly(new ChaosAnswer.Memory("w1", 2, 70, 80, 90, 10));
    }

    @Test
    void roles_areToldApart() {
        FleetMemory memory = new FleetMemory(nanos::get);
        memory.see("coordinator", 1, 5);
        memory.see("w1", 2, 7);
        assertThat(memory.rows())
                .containsExactly(
                        new ChaosAnswer.Memory("coordinator", 1, 5, 5, 5, 0),
                        new ChaosAnswer.Memory("w1", 1, 7, 7, 7, 0));
    }
}
