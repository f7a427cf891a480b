package org.isofleet.coordinator.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Accounting;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamingFitTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<ModelShape> SHAPES = List.of(
            ModelShape.of(16, 3, 32, 1, 24, 1),
            ModelShape.of(16, 3, 32, 2, 24, 1),
            ModelShape.of(16, 3, 32, 2, 32, 2),
            ModelShape.of(16, 3, 32, 3, 40, 2),
            ModelShape.of(16, 3, 32, 4, 48, 2),
            ModelShape.of(16, 3, 32, 5, 56, 4));

    private final StudyPlan plan = plan();
    private final List<LiveEvent> published = Collections.synchronizedList(new ArrayList<>());
    private final StreamingFit fit =
            new StreamingFit(new StandardFits(), published::add, Duration.ofHours(1), Clock.fixed(NOW, ZoneOffset.UTC));

    @AfterEach
    void close() {
        fit.close();
    }

    @Test
    void firstLoss_beforeItsRunIsDone_isToldAsAFitFromOneRun() {
        LiveEvent.StudyStarted started = new LiveEvent.StudyStarted(NOW, plan);
        fit.accept(started);
        fit.accept(loss(plan.runs().get(0).spec()));

        FitsUpdated update = settle();

        assertThat(update.finishedRuns()).isZero();
        assertThat(update.fits().get(0).points()).isEqualTo(1);
        assertThat(Narrative.of(StudyView.EMPTY.with(started), update)
                        .orElseThrow()
                        .text())
                .startsWith("fit of loss from 1 run: no law by");
    }

    @Test
    void allLosses_ofAGrid_areFittedUnderEveryCount() {
        fit.accept(new LiveEvent.StudyStarted(NOW, plan));
        plan.runs().forEach(run -> fit.accept(loss(run.spec())));

        FitsUpdated update = settle();

        assertThat(update.fits()).allSatisfy(each -> {
            assertThat(each.points()).isEqualTo(plan.runs().size());
            assertThat(each.accounting()).isNotNull();
        });
        Accounting accounting = Objects.requireNonNull(update.fits().get(0).accounting());
        assertThat(Objects.requireNonNull(accounting.exactFlops()).optima()).hasSizeBetween(3, 4);
    }

    @Test
    void lossesOfAnotherProtocol_areOnNoCurveWithTheOthers() {
        fit.accept(new LiveEvent.StudyStarted(NOW, plan));
        for (int i = 0; i < plan.runs().size(); i++) {
            fit.accept(loss(plan.runs().get(i).spec(), i < 3 ? "half, 190 images" : "test, 380 images"));
        }

        assertThat(settle().fits())
                .allSatisfy(
                        each -> assertThat(each.points()).isEqualTo(plan.runs().size() - 3));
    }

    private FitsUpdated settle() {
        fit.settled().join();
        assertThat(published).hasSize(1);
        return (FitsUpdated) published.get(0);
    }

    private static LiveEvent loss(RunSpec spec) {
        return loss(spec, "test, 380 images");
    }

    private static LiveEvent loss(RunSpec spec, String protocol) {
        double params = spec.shape().params();
        double tokens = spec.tokensSeen();
        double nats = 2.1 + 100 * Math.pow(params, -0.42) + 330 * Math.pow(tokens, -0.38);
        return new LiveEvent.EvaluationRecorded(
                NOW, spec.id(), "0".repeat(64), new HeldOutLoss(protocol, nats, nats / 3, 0.02, 380));
    }

    private static StudyPlan plan() {
        List<PlannedRun> runs = new ArrayList<>();
        for (double budget = 1e11; budget < 1e12; budget *= 2) {
            for (ModelShape shape : SHAPES) {
                RunSpec base = TestPlans.spec(10, 1);
                long steps = Math.round(budget / shape.flops6nPerToken() / shape.tokens() / base.batch());
                RunSpec spec = new RunSpec(
                        shape,
                        base.images(),
                        new Budget(budget),
                        steps,
                        base.batch(),
                        base.virtualShards(),
                        base.optimizer(),
                        base.schedule(),
                        base.engine(),
                        base.precision(),
                        base.seed(),
                        base.checkpointEvery(),
                        base.exact());
                runs.add(new PlannedRun(spec, true, null, 1 << 20));
            }
        }
        EvaluationSpec evaluation = new EvaluationSpec(List.of(), 0, 0, 16, 0, 1.0, 1);
        return new StudyPlan(
                "feedfacecafebeef",
                "test",
                runs,
                List.of(),
                evaluation,
                TestPlans.policy(1, 1, Duration.ofSeconds(5)),
                List.of());
    }
}
