package org.isofleet.coordinator.study;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.run.StudyCommand;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** Carries out what {@link StudyDecider} decides. A remembered entity: it wakes with the cluster and wakes its runs. */
public final class StudyEntity extends EventSourcedBehavior<StudyCommand, StudyEvent, StudyHistory> {
    /** Type of the sharded entity; its id is that of the study. */
    public static final EntityTypeKey<StudyCommand> KEY = EntityTypeKey.create(StudyCommand.class, "study");

    private static final int SNAPSHOT_EVERY = 50;

    /**
     * Whom a study speaks to.
     *
     * @param runs delivers a command to a run, wherever it lives
     * @param live where it shows what happened
     */
    public record Peers(BiConsumer<RunId, RunCommand> runs, Consumer<LiveEvent> live) {}

    private final Peers peers;
    private final Clock clock;
    private final TimerScheduler<StudyCommand> timers;
    private boolean recovered;

    private StudyEntity(String studyId, Peers peers, Clock clock, TimerScheduler<StudyCommand> timers) {
        super(
                PersistenceId.of(KEY.name(), studyId),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(500), Duration.ofSeconds(10), 0.2));
        this.peers = peers;
        this.clock = clock;
        this.timers = timers;
    }

    /** The entity of one study, as sharding starts it. */
    public static Behavior<StudyCommand> create(String studyId, Peers peers, Clock clock) {
        return Behaviors.withTimers(timers -> new StudyEntity(studyId, peers, clock, timers));
    }

    @Override
    public @Nullable StudyHistory emptyState() {
        return null;
    }

    @Override
    public EventHandler<StudyHistory, StudyEvent> eventHandler() {
        return StudyHistory::after;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
    }

    @Override
    public SignalHandler<StudyHistory> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), history -> {
                    recovered = false;
                    timers.startSingleTimer(new StudyCommand.Wake(), Duration.ofMillis(1));
                })
                .build();
    }

    @Override
    public CommandHandler<StudyCommand, StudyEvent, StudyHistory> commandHandler() {
        return this::handle;
    }

    private Effect<StudyEvent, StudyHistory> handle(@Nullable StudyHistory history, StudyCommand command) {
        Instant now = clock.instant();
        List<StudyDecision> decisions = new ArrayList<>();
        StudyHistory before = history;
        if (!recovered) {
            recovered = true;
            decisions.add(StudyDecider.decide(before, new StudyInput.Recovered(), now));
            before = decisions.get(0).next();
        }
        if (command instanceof StudyCommand.Submit submit) {
            decisions.add(StudyDecider.decide(before, new StudyInput.Submitted(submit.plan()), now));
        } else if (command instanceof StudyCommand.RunEnded ended) {
            StudyInput input = new StudyInput.RunEnded(
                    ended.runId(), ended.outcome(), ended.reason(), ended.loss(), ended.steps());
            decisions.add(StudyDecider.decide(before, input, now));
        } else if (command instanceof StudyCommand.RunReopened reopened) {
            decisions.add(StudyDecider.decide(before, new StudyInput.RunReopened(reopened.runId()), now));
        } else if (command instanceof StudyCommand.Operate operate) {
            StudyInput input = new StudyInput.Operated(operate.action(), operate.runId(), operate.by());
            decisions.add(StudyDecider.decide(before, input, now));
        } else if (command instanceof StudyCommand.Show) {
            decisions.add(StudyDecider.decide(before, new StudyInput.Shown(), now));
        } else if (command instanceof StudyCommand.Wake) {
            decisions.add(StudyDecider.decide(before, new StudyInput.Woke(), now));
        }
        List<StudyEvent> events =
                decisions.stream().flatMap(d -> d.events().stream()).toList();
        return (events.isEmpty() ? Effect().none() : Effect().persist(events))
                .thenRun(after -> carryOut(decisions, after, command));
    }

    private void carryOut(List<StudyDecision> decisions, @Nullable StudyHistory after, StudyCommand command) {
        for (StudyDecision decision : decisions) {
            decision.effects().forEach(this::apply);
            if (decision.wakeAt() != null && !timers.isTimerActive(StudyCommand.Wake.class)) {
                Duration wait = Duration.between(clock.instant(), decision.wakeAt());
                timers.startSingleTimer(
                        StudyCommand.Wake.class,
                        new StudyCommand.Wake(),
                        wait.isNegative() || wait.isZero() ? Duration.ofMillis(1) : wait);
            }
        }
        if (command instanceof StudyCommand.Submit submit) {
            submit.replyTo().tell(new StudyCommand.Accepted(submit.plan().studyId()));
        } else if (command instanceof StudyCommand.Operate operate) {
            operate.replyTo().tell(new StudyCommand.Operated(concerned(decisions)));
        } else if (command instanceof StudyCommand.Inquire inquire) {
            inquire.replyTo().tell(new StudyCommand.Inquired(StudyDecider.outcome(after)));
        }
    }

    private static int concerned(List<StudyDecision> decisions) {
        return decisions.stream()
                .flatMap(decision -> decision.events().stream())
                .mapToInt(event -> event instanceof StudyEvent.Operated operated
                        ? operated.runs().size()
                        : 0)
                .sum();
    }

    private void apply(StudyEffect effect) {
        if (effect instanceof StudyEffect.Order order) {
            peers.runs().accept(order.order().runId(), new RunCommand.Order(order.order()));
        } else if (effect instanceof StudyEffect.Operate operate) {
            peers.runs().accept(operate.runId(), new RunCommand.Operate(operate.wish()));
        } else if (effect instanceof StudyEffect.Stop stop) {
            peers.runs().accept(stop.order().runId(), new RunCommand.Stop(stop.order(), stop.reason()));
        } else if (effect instanceof StudyEffect.Show show) {
            peers.runs().accept(show.runId(), new RunCommand.Show());
        } else if (effect instanceof StudyEffect.Publish publish) {
            peers.live().accept(publish.event());
        }
    }
}
