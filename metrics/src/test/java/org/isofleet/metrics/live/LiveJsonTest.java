package org.isofleet.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class LiveJsonTest {
    @Test
    void events_ofEveryKind_comeBackEqual() throws JsonProcessingException {
        for (LiveEvent event : SimulatedStudy.events()) {
            String json = LiveJson.mapper().writeValueAsString(event);

            assertThat(LiveJson.mapper().readValue(json, LiveEvent.class)).isEqualTo(event);
            assertThat(json).doesNotContain("\n");
        }
    }

    @Test
    void event_asJson_hasItsNameAnIsoTimeAndThePlainRunId() {
        StudyView view = SimulatedStudy.finished();
        LiveEvent.RunChanged change = view.runs().get(0).trace().change();

        JsonNode json = LiveJson.mapper().valueToTree(change);

        assertThat(json.path("event").asText()).isEqualTo("run-changed");
        assertThat(json.path("at").asText()).startsWith("2026-03-01T12:0").endsWith("Z");
        assertThat(json.path("runId").asText())
                .isEqualTo(view.runs().get(0).id().value());
    }

    @Test
    void studyAnswer_hasTheFixedFields() {
        JsonNode json =
                LiveJson.mapper().valueToTree(StudyAnswer.of("demo", "studies/demo", SimulatedStudy.finished()));

        assertThat(json.path("schema").asText()).isEqualTo("demo/1");
        assertThat(json.path("study_dir").asText()).isEqualTo("studies/demo");
        assertThat(json.path("seconds").isNumber()).isTrue();
        JsonNode run = json.path("runs").path(0);
        for (String field : new String[] {
            "id",
            "state",
            "params",
            "tokens",
            "budget_flops",
            "loss_nats_per_pixel",
            "top1",
            "frechet_distance",
            "digest",
            "restarts",
            "seconds"
        }) {
            assertThat(run.hasNonNull(field)).as(field).isTrue();
        }
        JsonNode fit = json.path("fits").path(0);
        assertThat(fit.path("group").path("metric").asText()).isEqualTo("loss");
        assertThat(fit.path("group").path("resolution").asText()).isEqualTo("16");
        assertThat(fit.path("n_exponent").path("level").asDouble()).isEqualTo(0.95);
    }

    @Test
    void statusAnswer_tellsStudiesRunsAndWorkers() {
        JsonNode json = LiveJson.mapper().valueToTree(StatusAnswer.of("dir", SimulatedStudy.partial(0.6)));

        assertThat(json.path("schema").asText()).isEqualTo("status/1");
        assertThat(json.path("studies").path(0).path("eta_seconds").isNumber()).isTrue();
        assertThat(json.path("workers").path(0).path("straggler_score").isNumber())
                .isTrue();
        assertThat(json.path("workers").path(0).path("tokens_per_second").isNumber())
                .isTrue();
        assertThat(json.path("workers").path(1).path("id").asText()).isEqualTo("w2");
        assertThat(json.path("runs")).hasSize(SimulatedStudy.plan().runs().size());
    }
}
