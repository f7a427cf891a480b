package org.isofleet.coordinator.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.isofleet.coordinator.study.StudyEntity;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.StudyCommand;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks to studies, on whichever coordinator they live. */
final class Studies {
    private static final Logger LOG = LoggerFactory.getLogger(Studies.class);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration OPERATE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(250);

    private final ActorSystem<?> system;

    Studies(ActorSystem<?> system) {
        this.system = system;
    }

    CompletionStage<String> submit(StudyPlan plan) {
        CompletableFuture<StudyCommand.Accepted> accepted = unlessStopped();
        ask(plan.studyId(), replyTo -> new StudyCommand.Submit(plan, replyTo), accepted::complete);
        return accepted.thenApply(StudyCommand.Accepted::studyId);
    }

    void show(String studyId) {
        study(studyId).tell(new StudyCommand.Show());
    }

    /** See {@link org.isofleet.coordinator.http.Operator}; one that is not answered may have been done. */
    CompletionStage<Integer> operate(String studyId, OperatorWish.Action action, @Nullable RunId runId, String by) {
        return study(studyId)
                .<StudyCommand.Operated>ask(
                        replyTo -> new StudyCommand.Operate(action, runId, by, replyTo), OPERATE_TIMEOUT)
                .thenApply(StudyCommand.Operated::runs);
    }

    CompletionStage<StudyOutcome> outcome(String studyId) {
        CompletableFuture<StudyOutcome> outcome = unlessStopped();
        poll(studyId, outcome);
        return outcome;
    }

    private void poll(String studyId, CompletableFuture<StudyOutcome> outcome) {
        this.<StudyCommand.Inquired>ask(studyId, StudyCommand.Inquire::new, answer -> {
            if (answer.outcome() != null) {
                outcome.complete(answer.outcome());
            } else if (!outcome.isDone()) {
                system.scheduler().scheduleOnce(POLL, () -> poll(studyId, outcome), system.executionContext());
            }
        });
    }

    /** Asks a study until it answers: that takes long where another coordinator has just died, or a busy machine starts several. */
    private <A> void ask(String studyId, Function<ActorRef<A>, StudyCommand> question, Consumer<A> answered) {
        study(studyId).<A>ask(question::apply, ASK_TIMEOUT).whenComplete((answer, failure) -> {
            if (failure == null) {
                answered.accept(answer);
            } else {
                LOG.warn("study {} did not answer, it is asked again: {}", studyId, failure.toString());
                system.scheduler()
                        .scheduleOnce(POLL, () -> ask(studyId, question, answered), system.executionContext());
            }
        });
    }

    private <A> CompletableFuture<A> unlessStopped() {
        CompletableFuture<A> future = new CompletableFuture<>();
        system.getWhenTerminated()
                .thenAccept(done -> future.completeExceptionally(
                        new IllegalStateException("the coordinator was stopped before the study ended")));
        return future;
    }

    private EntityRef<StudyCommand> study(String studyId) {
        return ClusterSharding.get(system).entityRefFor(StudyEntity.KEY, studyId);
    }
}
