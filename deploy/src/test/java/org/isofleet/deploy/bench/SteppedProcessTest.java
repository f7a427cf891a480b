package org.isofleet.deploy.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SteppedProcessTest {
    @Test
    void processThatEndsEarly_isQuotedWithTheReason() {
        List<String> command = OwnProcess.command(OurStepper.class, List.of("no such shape", "1"));
        assertThatThrownBy(() -> new SteppedProcess(command, 1))
                .hasMessageContaining("ended early")
                .hasMessageContaining("no such shape")
                .hasMessageNotContaining("\tat ");
    }
}
