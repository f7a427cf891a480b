package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.isofleet.protocol.study.RunPolicy;
import org.junit.jupiter.api.Test;

/** An order in a journal of before there were limits. */
class OldPolicyTest {
    @Test
    void policy_withoutLimits_hasTheUsualOnes() throws JsonProcessingException {
        RunPolicy old = new ObjectMapper()
                .findAndRegisterModules()
                .readValue(
                        "{\"workersPerRun\": 2, \"attempts\": 5, \"backoff\": 1, \"maxBackoff\": 120,"
                                + " \"prepareTimeout\": 20, \"costPerWorkerHour\": 0}",
                        RunPolicy.class);
        assertThat(old).isEqualTo(RunPolicy.defaults());
    }
}
