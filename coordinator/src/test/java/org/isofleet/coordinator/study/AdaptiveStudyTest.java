package org.isofleet.coordinator.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isofleet.coordinator.plan.AdaptivePlans;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A study that adapts itself, told one end after the other. */
class AdaptiveStudyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final StudyPlan plan = AdaptivePlans.study();
    private final Map<RunId, PlannedRun> known =
            plan.everyRun().collect(Collectors.toMap(run -> run.spec().id(), Function.identity()));
    private final List<StudyEvent> journal = new ArrayList<>();
    private final List<LiveEvent> shown = new ArrayList<>();
    private final Deque<RunId> ordered = new ArrayDeque<>();
    private final Set<RunId> everOrdered = new HashSet<>();
    private @Nullable StudyHistory history;

    @Test
    void study_trainsTheLowestBudgets_thenWhatItChooses_withinTheComputeOfItsGrid() {
        tell(new StudyInput.Submitted(plan));
        assertThat(ordered).hasSize(plan.runs().size());
        trainAll();
        StudyHistory end = Objects.requireNonNull(history);
        assertThat(end.finishedAt()).isNotNull();
        assertThat(flops(end.runs())).isLessThanOrEqualTo(flops(plan.grid()) * (1 + 1e-9));
        assertThat(flops(end.runs())).isGreaterThan(0.9 * flops(plan.grid()));
        assertThat(end.adapted()).hasSizeGreaterThan(2);
        assertThat(budgets(end.adapted().get(0).added())).containsExactly(1.6e11);
        assertThat(budgets(end.adapted().get(1).added())).containsExactly(3.2e11);
        assertThat(end.adapted().get(0).added()).hasSize(5);
        assertThat(end.adapted()).allSatisfy(adapted -> {
            assertThat(adapted.resolution()).isEqualTo(16);
            assertThat(adapted.reason())
                    .containsAnyOf("sizes around the best N", "FLOPs are left", "whatever it gives");
        });
        assertThat(shown.stream().filter(LiveEvent.StudyAdapted.class::isInstance))
                .hasSameSizeAs(end.adapted());
        assertThat(Objects.requireNonNull(StudyDecider.outcome(end)).runs()).hasSameSizeAs(end.runs());
    }

    @Test
    void sizes_areThoseAroundTheOptimumOfTheSurface() {
        tell(new StudyInput.Submitted(plan));
        trainAll();
        // N_opt = 8k at 8e10 FLOPs, with C^0.5
        List<Double> sizes = Objects.requireNonNull(history).adapted().get(0).added().stream()
                .map(id -> (double)
                        Objects.requireNonNull(known.get(id)).spec().shape().params())
                .sorted()
                .toList();
        assertThat(sizes.get(2)).isBetween(0.7 * 8e3 * Math.sqrt(2), 1.4 * 8e3 * Math.sqrt(2));
        assertThat(sizes.get(4) / sizes.get(0)).isGreaterThan(12);
    }

    @Test
    void restartAtAnyEnd_goesOnAsItWould() {
        tell(new StudyInput.Submitted(plan));
        trainAll();
        List<StudyEvent> quiet = List.copyOf(journal);
        for (int stop = plan.runs().size() - 1; stop < quiet.size(); stop += 4) {
            journal.clear();
            history = null;
            ordered.clear();
            everOrdered.clear();
            for (StudyEvent event : quiet.subList(0, stop)) {
                history = StudyHistory.after(history, event);
                journal.add(event);
            }
            tell(new StudyInput.Recovered());
            Objects.requireNonNull(history).ended().forEach(end -> ordered.remove(end.runId()));
            trainAll();
            assertThat(decisions(journal)).as("restart after event %d", stop).isEqualTo(decisions(quiet));
        }
    }

    @Test
    void parkedRuns_areNoResults_andTheStudyGoesOn() {
        tell(new StudyInput.Submitted(plan));
        while (!ordered.isEmpty()) {
            RunId run = ordered.poll();
            tell(new StudyInput.RunEnded(run, RunOutcome.PARKED, "failed", null, 3));
        }
        StudyHistory end = Objects.requireNonNull(history);
        assertThat(end.finishedAt()).isNotNull();
        assertThat(end.runs()).containsExactlyInAnyOrderElementsOf(plan.grid());
        assertThat(end.adapted())
                .allSatisfy(adapted -> assertThat(adapted.reason()).contains("no law"));
    }

    @Test
    void watchers_seeWhatWasAdded() {
        tell(new StudyInput.Submitted(plan));
        trainAll();
        StudyView view = StudyView.EMPTY;
        for (LiveEvent event : shown) {
            view = view.with(event).with(event);
        }
        assertThat(view.runs())
                .extracting(run -> run.planned())
                .isEqualTo(Objects.requireNonNull(history).runs());
        assertThat(view.adapted()).hasSameSizeAs(history.adapted());
        assertThat(view.log()).anyMatch(line -> line.text().contains("sizes around the best N"));
    }

    private void trainAll() {
        while (!ordered.isEmpty()) {
            RunId run = ordered.poll();
            double loss = AdaptivePlans.loss(Objects.requireNonNull(known.get(run)));
            tell(new StudyInput.RunEnded(run, RunOutcome.DONE, null, loss, 10));
        }
    }

    private void tell(StudyInput input) {
        StudyDecision decision = StudyDecider.decide(history, input, START);
        for (StudyEvent event : decision.events()) {
            history = StudyHistory.after(history, event);
            journal.add(event);
        }
        assertThat(decision.next()).isEqualTo(history);
        for (StudyEffect effect : decision.effects()) {
            if (effect instanceof StudyEffect.Order order
                    && everOrdered.add(order.order().runId())) {
                ordered.add(order.order().runId());
            } else if (effect instanceof StudyEffect.Stop stop) {
                ordered.remove(stop.order().runId());
                ordered.addFirst(stop.order().runId());
            } else if (effect instanceof StudyEffect.Publish publish) {
                shown.add(publish.event());
            }
        }
    }

    private static List<StudyEvent> decisions(List<StudyEvent> events) {
        return events.stream().filter(StudyEvent.StudyAdapted.class::isInstance).toList();
    }

    private Set<Double> budgets(List<RunId> runs) {
        return runs.stream()
                .map(id -> Objects.requireNonNull(known.get(id)).spec().budget().flops())
                .collect(Collectors.toSet());
    }

    private static double flops(List<PlannedRun> runs) {
        return runs.stream().mapToDouble(run -> run.spec().exactFlops()).sum();
    }
}
