package org.isofleet.coordinator.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.run.StudyCommand;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link RunDecider} decides: persists the events, and only then commands workers, tells study and placement,
 * shows what happened and acknowledges the report that led to it.
 */
public final class RunEntity extends EventSourcedBehavior<RunCommand, RunEvent, RunHistory> {
    /** Type of the sharded entity; its id is that of the run. */
    public static final EntityTypeKey<RunCommand> KEY = EntityTypeKey.create(RunCommand.class, "run");

    private static final int SNAPSHOT_EVERY = 50;
    private static final Logger LOG = LoggerFactory.getLogger(RunEntity.class);

    /**
     * Whom a run speaks to.
     *
     * @param placement the singleton
     * @param studies delivers a command to a study, wherever it lives
     * @param live where it shows what happened
     * @param store reads what lies in the checkpoint store of a run
     */
    public record Peers(
            ActorRef<PlacementCommand> placement,
            BiConsumer<String, StudyCommand> studies,
            Consumer<LiveEvent> live,
            Function<RunId, CompletionStage<RunCommand.StoreRead>> store) {}

    private final RunId runId;
    private final RunDecider decider;
    private final Peers peers;
    private final Clock clock;
    private final ActorContext<RunCommand> context;
    private final TimerScheduler<RunCommand> timers;
    private final WorkerAddresses<ActorRef<WorkerCommand>> workers = new WorkerAddresses<>();
    private RunState state = RunState.recovering(null);
    private RunCommand.@Nullable StoreRead store;
    private boolean recovered;

    private RunEntity(
            RunId runId,
            RunDecider decider,
            Peers peers,
            Clock clock,
            ActorContext<RunCommand> context,
            TimerScheduler<RunCommand> timers) {
        super(
                PersistenceId.of(KEY.name(), runId.value()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(500), Duration.ofSeconds(10), 0.2));
        this.runId = runId;
        this.decider = decider;
        this.peers = peers;
        this.clock = clock;
        this.context = context;
        this.timers = timers;
    }

    /** The entity of one run, as sharding starts it. */
    public static Behavior<RunCommand> create(RunId runId, RunDecider decider, Peers peers, Clock clock) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new RunEntity(runId, decider, peers, clock, context, timers)));
    }

    @Override
    public @Nullable RunHistory emptyState() {
        return null;
    }

    @Override
    public EventHandler<RunHistory, RunEvent> eventHandler() {
        return RunHistory::after;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
    }

    @Override
    public SignalHandler<RunHistory> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .build();
    }

    private void onRecovered(@Nullable RunHistory history) {
        state = RunState.recovering(history);
        recovered = false;
        store = null;
        // A signal cannot persist, and the store is read elsewhere: what comes first decides about the recovery too.
        context.pipeToSelf(peers.store().apply(runId), this::storeRead);
    }

    private RunCommand storeRead(RunCommand.@Nullable StoreRead read, @Nullable Throwable failure) {
        if (read != null) {
            return read;
        }
        try (RunScope scope = scope()) {
            LOG.warn("run {}: its checkpoints were not read, the journal alone counts: {}", runId.value(), failure);
        }
        return new RunCommand.StoreRead(0, List.of());
    }

    @Override
    public CommandHandler<RunCommand, RunEvent, RunHistory> commandHandler() {
        return (history, command) -> {
            try (RunScope scope = scope()) {
                return handle(command);
            }
        };
    }

    /** Of what is logged meanwhile. */
    private RunScope scope() {
        RunHistory history = state.history();
        return history == null ? RunScope.of(runId) : RunScope.of(runId, history.generation());
    }

    private Effect<RunEvent, RunHistory> handle(RunCommand command) {
        if (command instanceof RunCommand.StoreRead read) {
            store = read;
            return decide(command).thenUnstashAll();
        }
        return recovered ? decide(command) : Effect().stash();
    }

    private EffectBuilder<RunEvent, RunHistory> decide(RunCommand command) {
        Instant now = clock.instant();
        List<RunDecision> decisions = new ArrayList<>();
        if (!recovered) {
            recovered = true;
            decisions.add(decider.decide(state, new RunInput.Recovered(), now));
            state = decisions.get(0).next();
        }
        RunDecision decision = decider.decide(state, input(command), now);
        state = decision.next();
        decisions.add(decision);
        if (store != null && state.history() != null) {
            decision = decider.decide(state, new RunInput.Stored(store.generation(), store.checkpoints()), now);
            state = decision.next();
            decisions.add(decision);
            store = null;
        }
        List<RunEvent> events =
                decisions.stream().flatMap(d -> d.events().stream()).toList();
        Instant wakeAt = decision.wakeAt();
        return (events.isEmpty() ? Effect().none() : Effect().persist(events))
                .thenRun(history -> after(command, decisions, wakeAt));
    }

    private RunInput input(RunCommand command) {
        if (command instanceof RunCommand.Order order) {
            return new RunInput.Ordered(order.order());
        } else if (command instanceof RunCommand.Stop stop) {
            return new RunInput.Stopped(stop.order(), stop.reason());
        } else if (command instanceof RunCommand.Staff staff) {
            remember(staff);
            return new RunInput.Staffed(staff.staffing());
        } else if (command instanceof RunCommand.Report report) {
            workers.remember(report.workerId(), report.incarnation(), report.worker());
            return new RunInput.Reported(report.workerId(), report.incarnation(), report.report());
        }
        if (command instanceof RunCommand.Operate operate) {
            return new RunInput.Operated(operate.wish());
        }
        return command instanceof RunCommand.Show ? new RunInput.Shown() : new RunInput.Woke();
    }

    private void remember(RunCommand.Staff staff) {
        Stream.concat(staff.staffing().group().stream(), staff.staffing().evaluators().values().stream())
                .map(Staffing.Seat::member)
                .forEach(member -> {
                    ActorRef<WorkerCommand> worker = staff.workers().get(member.workerId());
                    if (worker != null) {
                        workers.remember(member.workerId(), member.incarnation(), worker);
                    }
                });
    }

    private void after(RunCommand command, List<RunDecision> decisions, @Nullable Instant wakeAt) {
        try (RunScope scope = scope()) {
            decisions.forEach(decision -> decision.effects().forEach(this::apply));
        }
        if (command instanceof RunCommand.Report report) {
            report.worker().tell(new WorkerCommand.ReportAcknowledged(report.sequence()));
        }
        if (wakeAt != null) {
            Duration wait = Duration.between(clock.instant(), wakeAt);
            timers.startSingleTimer(
                    new RunCommand.Wake(), wait.isNegative() || wait.isZero() ? Duration.ofMillis(1) : wait);
        }
    }

    private void apply(RunEffect effect) {
        if (effect instanceof RunEffect.Command command) {
            ActorRef<WorkerCommand> worker = workers.of(command.workerId(), command.incarnation());
            if (worker != null) {
                worker.tell(command.command());
            } else {
                LOG.info(
                        "run {}: {} does not reach worker {}, of which nothing was heard here yet",
                        runId.value(),
                        command.command().getClass().getSimpleName(),
                        command.workerId());
            }
        } else if (effect instanceof RunEffect.Need need) {
            peers.placement().tell(new PlacementCommand.Need(need.need()));
        } else if (effect instanceof RunEffect.Settle settle) {
            peers.studies()
                    .accept(
                            settle.studyId(),
                            new StudyCommand.RunEnded(
                                    settle.runId(), settle.outcome(), settle.reason(), settle.loss(), settle.steps()));
        } else if (effect instanceof RunEffect.Reopen reopen) {
            peers.studies().accept(reopen.studyId(), new StudyCommand.RunReopened(reopen.runId()));
        } else if (effect instanceof RunEffect.Publish publish) {
            peers.live().accept(publish.event());
        }
    }
}
