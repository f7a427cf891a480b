package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.run.GenerationCause;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsEndpointTest {
    private static final Path GRAFANA = Path.of("../deploy/grafana");
    private static final Pattern METRIC = Pattern.compile("isofleet_[a-z_]+");

    @TempDir
    static Path folder;

    private final GridStudy study = GridStudy.of(2, 6, 1);
    private ServedStudy served;

    @BeforeAll
    void serve() throws IOException {
        Files.write(folder.resolve("journal.mv.db"), new byte[12_345]);
        served = ServedStudy.inTheMiddle(folder, study);
    }

    @AfterAll
    void close() throws Exception {
        served.close();
    }

    @Test
    void scrape_tellsTheStudyAsItStands() throws Exception {
        Map<String, Double> metrics = Scrape.of(scrape());
        assertThat(metrics)
                .containsEntry("isofleet_runs{state=\"done\"}", 8.0)
                .containsEntry("isofleet_runs{state=\"training\"}", 2.0)
                .containsEntry("isofleet_runs{state=\"paused\"}", 0.0)
                .containsEntry("isofleet_journal_bytes", 12_345.0)
                .containsEntry("isofleet_workers{state=\"lost\"}", 1.0)
                .containsEntry("isofleet_worker_straggler_score{worker=\"w2\"}", 2.4)
                .containsEntry("isofleet_worker_up{worker=\"w3\"}", 0.0)
                .containsEntry("isofleet_run_generation{run=\"" + study.id(8) + "\"}", 2.0)
                .containsEntry("isofleet_worker_losses_total", 1.0)
                .containsEntry("isofleet_failed_attempts_total", 1.0)
                .containsKey("isofleet_run_train_loss_nats_per_pixel{run=\"" + study.id(8) + "\"}")
                .containsKey("isofleet_run_loss_nats_per_pixel{run=\"" + study.id(0) + "\"}")
                .containsKey("isofleet_study_eta_seconds");
        assertThat(metrics.get("isofleet_images_total"))
                .isEqualTo(2 * metrics.getOrDefault("isofleet_steps_total", Double.NaN))
                .isPositive();
        assertThat(metrics.keySet())
                .anySatisfy(name -> assertThat(name)
                        .startsWith("isofleet_worker_info{")
                        .contains("device=\"AMD EPYC, 1 thread\"", "host=\"host-w1\""));
    }

    @Test
    void scrape_needsAToken() throws Exception {
        assertThat(served.get(served.request("/metrics")).statusCode()).isEqualTo(401);
        assertThat(served.get(served.request("/metrics").header("Authorization", "Bearer " + "0".repeat(64)))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void restart_countsOnceByItsCause_howeverOftenItIsTold() throws Exception {
        LiveEvent.RunChanged formed = new LiveEvent.RunChanged(
                Instant.now(),
                study.id(9),
                RunState.FORMING,
                3,
                List.of("w1"),
                1,
                "worker w2 lost",
                GenerationCause.LOST);
        served.show(formed);
        served.show(formed);
        assertThat(Scrape.of(scrape()))
                .containsEntry("isofleet_restarts_total{cause=\"lost\"}", 1.0)
                .containsEntry("isofleet_restarts_total{cause=\"stalled\"}", 0.0)
                .doesNotContainKey("isofleet_restarts_total{cause=\"joined\"}");
    }

    @Test
    void everyMetricOfDashboardAndAlerts_isServed() throws Exception {
        Set<String> served = new TreeSet<>();
        Scrape.of(scrape()).keySet().forEach(series -> served.add(series.replaceAll("\\{.*", "")));
        JsonNode dashboard =
                new JsonMapper().readTree(GRAFANA.resolve("isofleet.json").toFile());
        JsonNode alerts =
                new YAMLMapper().readTree(GRAFANA.resolve("alerts.yaml").toFile());
        Set<String> charted = named(dashboard);
        Set<String> watched = named(alerts);
        assertThat(charted).hasSizeGreaterThan(15);
        assertThat(watched).hasSizeGreaterThan(5);
        assertThat(served).containsAll(charted).containsAll(watched);
        assertThat(alerts.findValues("alert")).hasSizeGreaterThan(5);
    }

    /** Metrics in the expressions of a document. */
    private static Set<String> named(JsonNode document) {
        Set<String> names = new TreeSet<>();
        for (JsonNode expression : document.findValues("expr")) {
            Matcher matcher = METRIC.matcher(expression.asText());
            assertThat(matcher.find()).as(expression.asText()).isTrue();
            do {
                names.add(matcher.group());
            } while (matcher.find());
        }
        return names;
    }

    private String scrape() throws Exception {
        HttpResponse<String> answer = served.get(served.asReader("/metrics"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        return answer.body();
    }
}
