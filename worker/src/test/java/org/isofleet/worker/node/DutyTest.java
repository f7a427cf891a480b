package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.worker.node.Runs.evaluate;
import static org.isofleet.worker.node.Runs.member;
import static org.isofleet.worker.node.Runs.prepare;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport.EvaluationFailed;
import org.isofleet.protocol.group.RunReport.FollowingFailed;
import org.isofleet.protocol.group.RunReport.TrainingFailed;
import org.isofleet.protocol.group.RunReport.TrainingFinished;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerCommand.CollectCheckpoints;
import org.isofleet.protocol.group.WorkerCommand.Evaluate;
import org.isofleet.protocol.group.WorkerCommand.FollowGroup;
import org.isofleet.protocol.group.WorkerCommand.ReleaseGroup;
import org.isofleet.protocol.group.WorkerCommand.StartGroup;
import org.isofleet.protocol.group.WorkerCommand.WriteCheckpoint;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunSpec;

class DutyTest {
    private static final long INCARNATION = 7;
    private static final Member SELF = member("w1", INCARNATION);
    private static final RunSpec A = Runs.spec(1);
    private static final RunSpec B = Runs.spec(2);

    private Duty duty = Duty.free("w1", INCARNATION);

    private Duty.Decision told(WorkerCommand command) {
        Duty.Turn turn = duty.decide(command);
        duty = turn.next();
        return turn.decision();
    }

    private static StartGroup start(RunSpec spec, long generation) {
        return new StartGroup(spec.id(), generation, new StartPoint.Fresh());
    }

    private static ReleaseGroup release(RunSpec spec, long generation) {
        return new ReleaseGroup(spec.id(), generation);
    }

    private void obeys(WorkerCommand command) {
        assertThat(told(command)).isEqualTo(new Duty.Train(command));
    }

    private void ignores(WorkerCommand command) {
        assertThat(told(command)).isInstanceOf(Duty.Ignore.class);
    }

    private void finishTraining(RunSpec spec, long generation) {
        Evaluate task = evaluate(spec, EvaluationKind.HELD_OUT_LOSS);
        duty = duty.reported(new TrainingFinished(spec.id(), generation, "w1", task.checkpoint(), "chain", 1));
    }

    @Example
    void group_isPreparedStartedAndReleased() {
        obeys(prepare(A, 1, SELF));
        obeys(start(A, 1));
        obeys(release(A, 1));
        obeys(prepare(B, 1, SELF));
    }

    @Example
    void duplicates_changeNothing() {
        obeys(prepare(A, 1, SELF));
        obeys(start(A, 1));
        ignores(start(A, 1));
        ignores(prepare(A, 1, SELF));
        obeys(release(A, 1));
        ignores(release(A, 1));
        ignores(prepare(A, 1, SELF));
        ignores(start(A, 1));
    }

    @Example
    void preparedGroup_mayBeAskedAgain() {
        obeys(prepare(A, 1, SELF));
        obeys(prepare(A, 1, SELF));
        obeys(start(A, 1));
    }

    @Example
    void olderGeneration_changesNothing() {
        obeys(prepare(A, 3, SELF));
        ignores(prepare(A, 2, SELF));
        ignores(start(A, 2));
        ignores(release(A, 2));
        obeys(start(A, 3));
        obeys(prepare(A, 4, SELF));
        ignores(start(A, 3));
    }

    @Example
    void checkpoints_areWrittenAndCollectedInTheGenerationThatIsServedOnly() {
        CollectCheckpoints second = new CollectCheckpoints(A.id(), 2, List.of());
        ignores(second);
        obeys(prepare(A, 2, SELF));
        obeys(second);
        obeys(start(A, 2));
        obeys(new WriteCheckpoint(A.id(), 2, 10));
        obeys(second);
        obeys(prepare(A, 3, SELF));
        ignores(second);
        obeys(release(A, 3));
        ignores(new CollectCheckpoints(A.id(), 3, List.of()));
        ignores(new WriteCheckpoint(A.id(), 3, 10));
    }

    @Example
    void olderGenerationOfAnotherRun_changesNothing() {
        obeys(prepare(A, 3, SELF));
        obeys(prepare(B, 1, SELF));
        ignores(prepare(A, 3, SELF));
        ignores(release(A, 3));
        obeys(start(B, 1));
    }

    @Example
    void releaseThatOvertakesItsPrepare_keepsTheWorkerFree() {
        ignores(release(A, 2));
        ignores(prepare(A, 2, SELF));
        obeys(prepare(A, 3, SELF));
    }

    @Example
    void groupOfAnotherIncarnation_isNotEntered() {
        ignores(prepare(A, 1, member("w1", INCARNATION - 1)));
        ignores(prepare(A, 1, member("w2", INCARNATION)));
        obeys(prepare(A, 1, member("w2", 1), SELF));
    }

    private static final Member PEER = member("w2", 1);

    private static FollowGroup follow(RunSpec spec, long generation, Member follower) {
        return new FollowGroup(prepare(spec, generation, PEER).plan(), "w2", follower, 1000);
    }

    @Example
    void whoFollows_isInNoGroup_untilThePrepareOfTheNext() {
        obeys(follow(A, 2, SELF));
        ignores(follow(A, 2, SELF)); // asked again: its heartbeats say how far it is
        ignores(start(A, 2));
        ignores(new WriteCheckpoint(A.id(), 2, 10));
        ignores(new CollectCheckpoints(A.id(), 2, List.of()));
        obeys(prepare(A, 3, PEER, SELF));
        obeys(start(A, 3));
        ignores(follow(A, 3, SELF));
    }

    @Example
    void groupThatIsOlder_orMeantForAnother_isNotFollowed() {
        obeys(prepare(A, 3, SELF));
        ignores(follow(A, 3, SELF));
        ignores(follow(A, 2, SELF));
        ignores(follow(A, 4, member("w1", INCARNATION - 1)));
        ignores(follow(A, 4, member("w3", INCARNATION)));
        ignores(new FollowGroup(prepare(A, 4, PEER, SELF).plan(), "w2", SELF, 1000));
        obeys(follow(A, 4, SELF));
        obeys(release(A, 4));
        ignores(follow(A, 4, SELF));
    }

    @Example
    void whoCannotFollow_isFree() {
        obeys(follow(A, 2, SELF));
        assertThat(told(evaluate(B, EvaluationKind.HELD_OUT_LOSS))).isInstanceOf(Duty.Refuse.class);
        duty = duty.reported(new FollowingFailed(A.id(), 1, "w1", "of long ago"));
        assertThat(told(evaluate(B, EvaluationKind.HELD_OUT_LOSS))).isInstanceOf(Duty.Refuse.class);
        duty = duty.reported(new FollowingFailed(A.id(), 2, "w1", "reset"));
        Evaluate loss = evaluate(B, EvaluationKind.HELD_OUT_LOSS);
        assertThat(told(loss)).isEqualTo(new Duty.Compute(loss));
        assertThat(told(follow(A, 3, SELF)))
                .isInstanceOfSatisfying(
                        Duty.Refuse.class,
                        refusal -> assertThat(refusal.report()).isInstanceOf(FollowingFailed.class));
    }

    @Example
    void evaluation_isDoneOnceAndAlone() {
        Evaluate loss = evaluate(A, EvaluationKind.HELD_OUT_LOSS);
        assertThat(told(loss)).isEqualTo(new Duty.Compute(loss));
        assertThat(duty.evaluating()).isEqualTo(EvaluationKind.HELD_OUT_LOSS);
        ignores(loss);
        assertThat(told(evaluate(A, EvaluationKind.LINEAR_PROBE)))
                .isInstanceOfSatisfying(
                        Duty.Refuse.class,
                        refusal -> assertThat(((EvaluationFailed) refusal.report()).kind())
                                .isEqualTo(EvaluationKind.LINEAR_PROBE));
        assertThat(told(prepare(B, 1, SELF)))
                .isInstanceOfSatisfying(
                        Duty.Refuse.class,
                        refusal -> assertThat(refusal.report()).isInstanceOf(TrainingFailed.class));
        duty = duty.reported(new EvaluationFailed(A.id(), "w1", "digest", EvaluationKind.HELD_OUT_LOSS, "reason"));
        assertThat(duty.evaluating()).isNull();
        obeys(prepare(B, 2, SELF));
    }

    @Example
    void trainingWorker_refusesEvaluationsUntilItHasFinished() {
        Evaluate loss = evaluate(B, EvaluationKind.HELD_OUT_LOSS);
        obeys(prepare(A, 1, SELF));
        obeys(start(A, 1));
        assertThat(told(loss)).isInstanceOf(Duty.Refuse.class);
        finishTraining(A, 1);
        assertThat(told(loss)).isEqualTo(new Duty.Compute(loss));
    }

    /** Whatever arrives in whatever order, what training is told of one run never goes back. */
    @Property(tries = 300)
    void generationsHandedOn_onlyGrow(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 59) Integer> choices) {
        long[] highest = new long[2];
        for (int choice : choices) {
            int run = choice % 2;
            RunSpec spec = run == 0 ? A : B;
            long generation = 1L + choice / 2 % 10;
            WorkerCommand command = switch (choice / 20) {
                case 0 -> prepare(spec, generation, SELF);
                case 1 -> start(spec, generation);
                default -> release(spec, generation);
            };
            if (told(command) instanceof Duty.Train) {
                assertThat(generation).isGreaterThanOrEqualTo(highest[run]);
                highest[run] = generation;
            }
        }
    }
}
