package org.isofleet.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.AdaptivePlan;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

class StudyViewTest {
    private static final List<LiveEvent> EVENTS = SimulatedStudy.events();
    private static final List<LiveEvent> KEPT = EVENTS.stream()
            .filter(e -> !(e instanceof Progress) && !(e instanceof LiveEvent.WorkerSeen))
            .toList();
    private static final StudyView FINISHED = SimulatedStudy.fold(EVENTS);

    @Test
    void runs_ofAFinishedStudy_areDoneOrParkedWithTheirResults() {
        assertThat(FINISHED.count(RunState.DONE)).isEqualTo(FINISHED.runs().size() - 1);
        assertThat(FINISHED.count(RunState.PARKED)).isEqualTo(1);
        assertThat(FINISHED.runs())
                .filteredOn(run -> run.state() == RunState.DONE)
                .allSatisfy(run -> {
                    assertThat(run.loss()).isPresent();
                    assertThat(run.top1()).isPresent();
                    assertThat(run.frechetDistance()).isPresent();
                    assertThat(run.digest()).isPresent();
                    assertThat(run.trainedShare()).isEqualTo(1);
                });
        assertThat(FINISHED.fits()).containsOnlyKeys("loss", "top1", "fd");
        assertThat(FINISHED.elapsed()).isGreaterThan(Duration.ofMinutes(1));
    }

    @Property(tries = 20)
    void with_eventsShuffledAndTwice_givesTheSameResults(@ForAll long seed) {
        Random random = new Random(seed);
        List<LiveEvent> republished = new ArrayList<>(KEPT);
        KEPT.stream().filter(event -> random.nextBoolean()).forEach(republished::add);
        Collections.shuffle(republished, random);

        StudyView view = SimulatedStudy.fold(republished);

        StudyView ordered = SimulatedStudy.fold(KEPT);
        assertThat(StudyAnswer.of("study", "dir", view)).isEqualTo(StudyAnswer.of("study", "dir", ordered));
        assertThat(new TreeMap<>(view.traces())).isEqualTo(new TreeMap<>(ordered.traces()));
        assertThat(view.fits()).isEqualTo(ordered.fits());
        assertThat(view.estimates()).isEqualTo(ordered.estimates()).hasSizeGreaterThan(3);
        assertThat(view.warnings()).hasSameElementsAs(ordered.warnings());
        assertThat(view.finished()).isEqualTo(ordered.finished());
    }

    @Test
    void decisions_ofAStudyThatAdapts_addAndStopRuns_whenTheyComeBeforeItsStart() {
        StudyPlan grid = FINISHED.plan().orElseThrow();
        List<PlannedRun> pilot = grid.runs().subList(0, 3);
        PlannedRun candidate = grid.runs().get(4);
        AdaptivePlan adaptive = new AdaptivePlan(
                List.of(grid.runs().get(3)), List.of(candidate, grid.runs().get(5)));
        StudyPlan plan =
                new StudyPlan("id", "name", pilot, List.of(), grid.evaluation(), grid.policy(), List.of(), adaptive);
        Instant at = Objects.requireNonNull(FINISHED.started()).at();
        RunId stopped = pilot.get(1).spec().id();
        LiveEvent adapted = new LiveEvent.StudyAdapted(
                at.plusSeconds(9), 16, List.of(candidate.spec().id()), List.of(stopped), "why");

        StudyView view = SimulatedStudy.fold(List.of(adapted, new LiveEvent.StudyStarted(at, plan), adapted));

        assertThat(view.runs())
                .extracting(RunView::planned)
                .containsExactly(pilot.get(0), pilot.get(1), pilot.get(2), candidate);
        assertThat(view.run(stopped).orElseThrow().state()).isEqualTo(RunState.STOPPED);
        assertThat(view.run(stopped).orElseThrow().ended()).isTrue();
        assertThat(view.adapted()).hasSize(1);
        assertThat(Narrative.words(view, view.adapted().get(0)))
                .startsWith("stopped ")
                .endsWith(": why");
        assertThat(StatusAnswer.of("dir", view).studies().get(0).decisions())
                .singleElement()
                .satisfies(decision -> assertThat(decision.reason()).endsWith("why"));
    }

    /** As after a full disk, when the checkpoint that was written late is committed before the run's end is told. */
    @Test
    void with_theLastCheckpointCommittedAsAnOrdinaryOneBefore_stillKnowsTheDigest() {
        LiveEvent.CheckpointCommitted last = EVENTS.stream()
                .filter(LiveEvent.CheckpointCommitted.class::isInstance)
                .map(LiveEvent.CheckpointCommitted.class::cast)
                .filter(LiveEvent.CheckpointCommitted::last)
                .findFirst()
                .orElseThrow();
        RunTrace ordinary = RunTrace.UNHEARD.with(
                new LiveEvent.CheckpointCommitted(last.at(), last.checkpoint(), false, last.trainSeconds()));
        assertThat(ordinary.lastCheckpoint()).isEmpty();
        assertThat(ordinary.with(last).lastCheckpoint()).contains(last);
    }

    @Test
    void with_aSecondResultForTheSameCheckpoint_keepsTheFirst() {
        EvaluationRecorded first = EVENTS.stream()
                .filter(e -> e instanceof EvaluationRecorded r && r.result() instanceof HeldOutLoss)
                .map(EvaluationRecorded.class::cast)
                .findFirst()
                .orElseThrow();
        HeldOutLoss loss = (HeldOutLoss) first.result();
        EvaluationRecorded second = new EvaluationRecorded(
                first.at().plusSeconds(1),
                first.runId(),
                first.checkpointDigest(),
                new HeldOutLoss(loss.protocol(), loss.natsPerPixel() + 1, 1, 0.1, 10));

        RunView run = FINISHED.with(second).run(first.runId()).orElseThrow();

        assertThat(run.loss()).hasValue(loss.natsPerPixel());
    }

    @Test
    void with_aLateChangeOfADoneRun_leavesItDone() {
        RunId id = FINISHED.runs().get(0).id();
        RunChanged late =
                new RunChanged(FINISHED.lastEventAt().plusSeconds(5), id, RunState.TRAINING, 9, List.of("w1"), 2, null);

        RunView run = FINISHED.with(late).run(id).orElseThrow();

        assertThat(run.state()).isEqualTo(RunState.DONE);
        assertThat(run.trace().restarts()).isEqualTo(2);
    }

    @Test
    void eta_whileTraining_followsTheRateOfTheActiveRuns() {
        StudyView view = SimulatedStudy.partial(0.5);
        Duration eta = view.eta().orElseThrow();
        Duration left = FINISHED.elapsed().minus(view.elapsed());

        assertThat(eta.toMillis() / (double) left.toMillis()).isBetween(0.5, 2.0);
    }

    @Test
    void eta_beforeAnythingWasTrained_isUnknown() {
        assertThat(StudyView.EMPTY.with(EVENTS.get(0)).eta()).isEmpty();
    }

    @Test
    void workers_afterALoss_showWhyItIsGone() {
        assertThat(FINISHED.workers().get("w2")).isNotNull().satisfies(w -> {
            assertThat(w.alive()).isFalse();
            assertThat(w.lost()).isEqualTo("connection closed");
        });
        assertThat(FINISHED.log()).anySatisfy(line -> assertThat(line.text()).contains("worker w2 lost"));
    }

    @Test
    void log_ofManyEvents_isBounded() {
        StudyView view = FINISHED;
        for (int i = 0; i < 2 * StudyView.MOST_LOG_LINES; i++) {
            view = view.with(new LiveEvent.Warning(SimulatedStudy.START.plusSeconds(i), null, "warning " + i));
        }
        assertThat(view.log()).hasSize(StudyView.MOST_LOG_LINES);
    }

    @Test
    void log_ofEventsToldAgain_isInTheOrderInWhichTheyHappened() {
        StudyView view = SimulatedStudy.partial(0.5);
        view = view.with(new LiveEvent.Warning(view.lastEventAt(), null, "now"))
                .with(new LiveEvent.Warning(SimulatedStudy.START, null, "at the start"));
        assertThat(view.log()).extracting(LogLine::at).isSorted();
        assertThat(view.log()).last().extracting(LogLine::text).isEqualTo("now");
    }

    @Test
    void workerThatGoesAfterTheEnd_isNotLost() {
        StudyView view =
                FINISHED.with(new LiveEvent.WorkerLost(FINISHED.lastEventAt(), "w1", "its process ends", false));
        assertThat(view.log()).isEqualTo(FINISHED.log());
    }

    @Test
    void eta_ofTheFirstSteps_isNotToldYet() {
        StudyView planned = StudyView.EMPTY.with(EVENTS.get(0));
        RunView run = planned.runs().get(0);
        StudyView training = planned.with(EVENTS.stream()
                .filter(event -> event instanceof LiveEvent.RunChanged change
                        && change.runId().equals(run.id())
                        && change.state() == RunState.TRAINING)
                .findFirst()
                .orElseThrow());
        assertThat(training.with(progress(run, 1)).eta()).isEmpty();
        assertThat(training.with(progress(run, run.spec().steps() / 10)).eta()).isPresent();
    }

    private static Progress progress(RunView run, long step) {
        return new Progress(FINISHED.lastEventAt(), run.id(), 1, List.of(new StepMetrics(step, 5, 1, 0.1, 0.1)), 1000);
    }

    @Test
    void eta_countsDownBetweenEvents() {
        StudyView view = SimulatedStudy.partial(0.5);
        Duration eta = view.eta().orElseThrow();
        assertThat(view.eta(view.lastEventAt().plusSeconds(3))).contains(eta.minusSeconds(3));
        assertThat(view.eta(view.lastEventAt().plus(eta).plusSeconds(1))).contains(Duration.ZERO);
    }

    @Test
    void progress_ofStepsAlreadySeen_leavesTheCurveAlone() {
        RunView run = FINISHED.runs().get(0);
        Progress again =
                new Progress(FINISHED.lastEventAt(), run.id(), 3, List.of(new StepMetrics(1, 99, 1, 0.1, 0.1)), 1000);

        assertThat(FINISHED.with(again).run(run.id()).orElseThrow().trace().curve())
                .isEqualTo(run.trace().curve());
    }
}
