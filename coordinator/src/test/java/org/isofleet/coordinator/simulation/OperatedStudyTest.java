package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.OperatorWish.Action;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

/** An operator pauses, resumes, cancels and tries again. Steps take 100 ms, checkpoints are 10 steps apart. */
class OperatedStudyTest {
    private static final List<Action> ACTIONS = List.of(Action.PAUSE, Action.RESUME, Action.RETRY, Action.CANCEL);
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");

    private final VirtualTime time = new VirtualTime();
    private final StudyPlan plan =
            TestPlans.study(2, 200, TestPlans.policy(2, 3, Duration.ofSeconds(5)), EvaluationKind.values());
    private final RunId first = plan.runs().get(0).spec().id();
    private final RunId second = plan.runs().get(1).spec().id();
    private final SimulatedCluster cluster =
            new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);

    @Test
    void pausedRun_givesItsWorkersToOthers_andGoesOnFromItsCheckpoint() {
        start();
        cluster.operate(Action.PAUSE, first);
        time.runUntil(() -> cluster.history(second).committedStep() >= 50, Duration.ofMinutes(2));
        assertThat(cluster.history(first).isPaused()).isTrue();
        assertThat(cluster.history(first).committedStep()).isBetween(40L, 60L);
        cluster.operate(Action.RESUME, first);
        finish();
        assertThat(cluster.settled(first).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.history(first).group().restarts()).isZero();
        assertThat(causes()).containsOnlyOnce(GenerationCause.RESUMED);
        assertThat(cluster.journal(first))
                .filteredOn(RunEvent.GenerationStarted.class::isInstance)
                .map(event -> ((RunEvent.GenerationStarted) event).from())
                .anySatisfy(from -> assertThat(from)
                        .isInstanceOfSatisfying(
                                StartPoint.FromCheckpoint.class,
                                at -> assertThat(at.checkpoint().step()).isBetween(40L, 60L)));
    }

    @Test
    void pausedRun_staysSoThroughARestart() {
        start();
        cluster.operate(Action.PAUSE, first);
        cluster.restartCoordinator(Duration.ofSeconds(5));
        time.runUntil(() -> false, Duration.ofMinutes(3));
        assertThat(cluster.history(first).isPaused()).isTrue();
        assertThat(cluster.history(first).committedStep()).isLessThan(100);
        assertThat(cluster.settled(second).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.finished()).isFalse();
        cluster.operate(Action.RESUME, null);
        finish();
        assertThat(cluster.settled(first).outcome()).isEqualTo(RunOutcome.DONE);
    }

    @Test
    void cancelledStudy_ends() {
        start();
        cluster.operate(Action.CANCEL, null);
        finish();
        for (RunId run : List.of(first, second)) {
            assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.PARKED);
            assertThat(cluster.settled(run).reason()).isEqualTo("cancelled by anna");
        }
    }

    @Test
    void parkedRun_thatIsTriedAgain_goesOnFromItsCheckpoint() {
        start();
        cluster.operate(Action.CANCEL, first);
        time.runUntil(() -> cluster.history(second).committedStep() >= 20, Duration.ofMinutes(2));
        assertThat(cluster.settled(first).outcome()).isEqualTo(RunOutcome.PARKED);
        long before = cluster.history(first).committedStep();
        cluster.operate(Action.RETRY, first);
        finish();
        assertThat(cluster.settled(first).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.journal(first))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                RunEvent.GenerationStarted.class,
                                started -> assertThat(started.from())
                                        .isInstanceOfSatisfying(
                                                StartPoint.FromCheckpoint.class,
                                                from -> assertThat(from.checkpoint()
                                                                .step())
                                                        .isEqualTo(before))));
    }

    @Test
    void wishThatDoesNotFit_changesNothing() {
        start();
        int events = cluster.journal(first).size();
        cluster.operate(Action.RETRY, first);
        cluster.operate(Action.RESUME, first);
        time.runUntil(() -> false, Duration.ofSeconds(1));
        assertThat(cluster.journal(first).subList(events, cluster.journal(first).size()))
                .noneMatch(RunEvent.Operated.class::isInstance);
        finish();
        assertThat(cluster.history(first).generation()).isEqualTo(1);
    }

    /** While workers die, messages are lost and the coordinator restarts, somebody operates at random; at last all is resumed. */
    @Property(tries = 20)
    void everyRun_endsDoneOrCancelled_whateverIsWanted(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int workers,
            @ForAll @IntRange(min = 1, max = 3) int runs) {
        Random random = new Random(seed);
        VirtualTime clock = new VirtualTime();
        Chaos chaos = new Chaos(
                random,
                clock.now().plusSeconds(90),
                random.nextDouble() * 0.2,
                random.nextDouble() * 0.2,
                random.nextDouble() * 0.2,
                0);
        StudyPlan many =
                TestPlans.study(runs, 200, TestPlans.policy(2, 5, Duration.ofSeconds(5)), EvaluationKind.values());
        SimulatedCluster operated = new SimulatedCluster(clock, chaos, many);
        for (int i = 0; i < workers; i++) {
            operated.startWorker("w" + i, A);
        }
        for (int i = 0; i < 12; i++) {
            RunId run = random.nextInt(4) == 0
                    ? null
                    : many.runs().get(random.nextInt(runs)).spec().id();
            Action action = ACTIONS.get(random.nextInt(random.nextInt(3) == 0 ? 4 : 3));
            clock.after(Duration.ofMillis(random.nextInt(100_000)), () -> operated.operate(action, run));
        }
        clock.after(
                Duration.ofMillis(random.nextInt(80_000)), () -> operated.restartCoordinator(Duration.ofSeconds(6)));
        clock.after(Duration.ofMinutes(2), () -> operated.operate(Action.RESUME, null));
        clock.runUntil(operated::finished, Duration.ofHours(2));
        assertThat(operated.finished()).as(operated::describe).isTrue();
        for (PlannedRun run : many.runs()) {
            RunEvent.RunSettled settled = operated.settled(run.spec().id());
            if (settled.outcome() == RunOutcome.DONE) {
                assertThat(operated.history(run.spec().id()).committedStep()).isEqualTo(200);
            } else {
                assertThat(settled.reason()).isEqualTo("cancelled by anna");
            }
        }
    }

    private void start() {
        cluster.startWorker("w0", A);
        cluster.startWorker("w1", A);
        time.runUntil(
                () -> cluster.worker("w0").step >= 45 && cluster.history(first).committedStep() >= 40,
                Duration.ofMinutes(2));
        assertThat(cluster.history(first).committedStep()).isEqualTo(40);
    }

    private void finish() {
        time.runUntil(cluster::finished, Duration.ofMinutes(20));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
    }

    private List<GenerationCause> causes() {
        return cluster.journal(first).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .map(event -> ((RunEvent.GenerationBegun) event).cause())
                .toList();
    }
}
