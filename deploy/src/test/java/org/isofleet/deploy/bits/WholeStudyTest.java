package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job from the command line to the report, with every metric and the fits, in real processes. */
@Tag("slow")
class WholeStudyTest {
    @TempDir
    Path temp = Path.of("");

    @Test
    void study_endsWithMetricsFitsAndReport() throws Exception {
        Path folder = temp.resolve("small");
        Path webhooks = temp.resolve("webhooks.conf");
        try (TakenNotices taken = new TakenNotices();
                StudyProcess study = StudyProcess.study(
                        SameBitsTest.file("small.conf"),
                        folder,
                        2,
                        "--webhooks",
                        taken.writtenTo(webhooks).toString())) {
            assertThat(study.digests()).hasSizeGreaterThanOrEqualTo(9);
            JsonNode answer = study.answer();
            assertThat(answer.get("schema").asText()).isEqualTo("study/1");
            for (JsonNode run : answer.get("runs")) {
                assertThat(run.get("loss_nats_per_pixel").asDouble()).isBetween(1.0, 10.4); // 10.4: all 32 levels alike
                assertThat(run.get("top1").asDouble()).isBetween(0.01, 1.0);
                assertThat(run.get("frechet_distance").asDouble()).isPositive();
            }
            assertThat(answer.get("fits")).anySatisfy(fit -> {
                assertThat(fit.get("method").asText()).isEqualTo("vpnls");
                assertThat(fit.get("group").get("metric").asText()).isEqualTo("loss");
            });
            int runs = answer.get("runs").size();
            assertThat(study.events("fits-updated", "\"finishedRuns\":" + runs)).isNotEmpty();
            int firstFit = study.positionOf("fits-updated");
            assertThat(firstFit).isNotNegative();
            assertThat(study.lastPositionOf("checkpoint-committed"))
                    .as("laws are fitted while runs train")
                    .isGreaterThan(firstFit);
            assertThat(Files.readString(folder.resolve("report.html")))
                    .contains("entropy of joint colours", "data:image/png", "not FID")
                    .doesNotContain("src=\"http", "href=\"http");
            assertThat(taken.bodies()).hasSize(1).first().asString().contains("study-finished", "\"parked\":0");
        }
    }
}
