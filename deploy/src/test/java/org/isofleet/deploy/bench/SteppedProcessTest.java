package org.isofleet.deploy.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SteppedProcessTest {
    @Test
    void processThatEndsEarly_isQuotedWithTheReason() {
        List<String> command = OwnProcess.command(OurStepper.class, List.of("no such shape", "1", "dl4j", "fp32"));
        assertThatThrownBy(() -> new SteppedProcess(command, 1))
                .hasMessageContaining("ended early")
                .hasMessageContaining("no such shape")
                .hasMessageNotContaining("\tat ");
    }

    @Test
    void memberOfAGroup_thatEndsEarly_isQuotedWithTheReason() {
        List<String> command = OwnProcess.command(GroupMember.class, List.of("no such shape", "w0"));
        assertThatThrownBy(() -> new OrderedProcess(command, Map.of()))
                .hasMessageContaining("ended early")
                .hasMessageContaining("no such shape");
    }
}
