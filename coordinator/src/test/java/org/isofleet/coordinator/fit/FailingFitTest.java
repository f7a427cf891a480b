package org.isofleet.coordinator.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

/** One fit dies of an error; the results after it are fitted all the same. */
class FailingFitTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final StudyPlan plan = TestPlans.study(2, 100, TestPlans.policy(1, 1, Duration.ofSeconds(1)));
    private final List<LiveEvent> published = new CopyOnWriteArrayList<>();
    private final AtomicBoolean failed = new AtomicBoolean();

    private void publish(LiveEvent event) {
        if (failed.compareAndSet(false, true)) {
            throw new StackOverflowError("the first fit");
        }
        published.add(event);
    }

    @Test
    void nextResult_isFitted_afterAFitThatDied() {
        try (StreamingFit fit =
                new StreamingFit(new StandardFits(), this::publish, Duration.ofMillis(10), Clock.systemUTC())) {
            fit.accept(new LiveEvent.StudyStarted(NOW, plan));
            fit.accept(loss(plan.runs().get(0)));
            await().untilTrue(failed);
            fit.accept(loss(plan.runs().get(1)));
            await().until(() -> !published.isEmpty());
            assertThat(published).allMatch(LiveEvent.FitsUpdated.class::isInstance);
        }
    }

    private static LiveEvent loss(PlannedRun run) {
        return new LiveEvent.EvaluationRecorded(NOW, run.spec().id(), "digest", new HeldOutLoss("test", 3, 1, 0.1, 10));
    }
}
