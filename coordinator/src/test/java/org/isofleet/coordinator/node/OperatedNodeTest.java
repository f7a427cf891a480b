package org.isofleet.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.coordinator.node.ScriptedWorker.Fault;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OperatedNodeTest {
    @TempDir
    Path folder;

    private final List<LiveEvent> seen = new CopyOnWriteArrayList<>();

    @Test
    void operator_pausesARunOverHttp_andItGoesOnWhenItIsResumed() throws Exception {
        StudyPlan plan =
                TestPlans.study(1, 300, TestPlans.policy(1, 2, Duration.ofSeconds(5)), EvaluationKind.HELD_OUT_LOSS);
        RunId run = plan.runs().get(0).spec().id();
        try (CoordinatorNode node = CoordinatorNode.start(CoordinatorSettings.local(folder, "secret"));
                ScriptedWorker worker = new ScriptedWorker("a", 1, node.port(), Fault.NONE)) {
            node.subscribe(seen::add);
            String api = node.serve(0).url() + "api/v1/runs/" + run + "/";
            node.submit(plan).toCompletableFuture().get(20, TimeUnit.SECONDS);
            await().atMost(30, TimeUnit.SECONDS).until(() -> worker.step.get() > 20);
            assertThat(post(api + "pause")).isEqualTo(202);
            await().untilAsserted(() -> assertThat(seen)
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(LiveEvent.Operated.class, operated -> {
                                assertThat(operated.runId()).isEqualTo(run);
                                assertThat(operated.done()).isEqualTo("paused");
                                assertThat(operated.by()).isEqualTo("operator (operate)");
                            })));
            await().until(() -> state() == RunState.PAUSED);
            await().until(() -> post(api + "pause") == 409);
            long whenPaused = worker.step.get();
            assertThat(node.outcome(plan.studyId()).toCompletableFuture()).isNotDone();
            assertThat(post(api + "resume")).isEqualTo(202);
            StudyOutcome outcome =
                    node.outcome(plan.studyId()).toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(1);
            assertThat(whenPaused).isLessThan(300);
        }
    }

    private RunState state() {
        return seen.stream()
                .filter(LiveEvent.RunChanged.class::isInstance)
                .map(event -> ((LiveEvent.RunChanged) event).state())
                .reduce((one, later) -> later)
                .orElse(RunState.WAITING);
    }

    private int post(String url) throws Exception {
        String token = Files.readString(folder.resolve("tokens/operator.operate"));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
