package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.isofleet.deploy.doctor.DoctorAnswer;
import org.isofleet.deploy.doctor.DoctorText;
import org.isofleet.metrics.live.LiveJson;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    /** The engines are tried by processes of their own. */
    @Test
    @Tag("slow")
    void doctor_tellsDevicesEnginesThreadsAndWhy_asJsonAndForPeople() throws Exception {
        Call call = Call.of("doctor", "--json");
        assertThat(call.code()).as(call.err()).isZero();
        JsonNode answer = LiveJson.mapper().readTree(call.out());
        assertThat(answer.get("schema").asText()).isEqualTo("doctor/1");
        assertThat(answer.at("/processor/cores").asInt()).isPositive();
        assertThat(answer.at("/memory/available_bytes").asLong()).isPositive();
        JsonNode dl4j = answer.at("/engines/0");
        assertThat(dl4j.get("engine").asText()).isEqualTo("dl4j");
        assertThat(dl4j.get("works").asBoolean()).isTrue();
        assertThat(dl4j.get("kernel_class").asText()).contains("/fp32");
        JsonNode torch = answer.at("/engines/1");
        assertThat(torch.get("kernel_class").asText()).contains("libtorch-").contains("/fp32");
        JsonNode bf16 = answer.at("/engines/2");
        assertThat(bf16.get("precision").asText()).isEqualTo("bf16");
        assertThat(bf16.get("works").asBoolean() || bf16.get("reason").asText().contains("AMX"))
                .isTrue();
        assertThat(answer.at("/auto/engine").asText()).isEqualTo("dl4j");
        assertThat(answer.at("/auto/works").asBoolean()).isTrue();
        assertThat(answer.at("/threads").size())
                .isEqualTo(answer.at("/processor/cores").asInt());
        assertThat(answer.has("no_gpu")).isEqualTo(answer.get("gpus").isEmpty());

        assertThat(DoctorText.of(LiveJson.mapper().treeToValue(answer, DoctorAnswer.class)))
                .anyMatch(line -> line.startsWith("engine     dl4j in fp32 on cpu: works, kernel class "))
                .anyMatch(line -> line.startsWith("auto       dl4j in fp32, which works here"))
                .anyMatch(line -> line.startsWith("loopback "));
    }
}
