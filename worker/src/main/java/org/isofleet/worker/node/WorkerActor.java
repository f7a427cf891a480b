package org.isofleet.worker.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.GatewayMessage.Goodbye;
import org.isofleet.protocol.group.GatewayMessage.NumberedReport;
import org.isofleet.protocol.group.GatewayMessage.RegisterWorker;
import org.isofleet.protocol.group.GatewayMessage.StacksCaptured;
import org.isofleet.protocol.group.GatewayMessage.StrangerRefused;
import org.isofleet.protocol.group.GatewayMessage.Telemetry;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerCommand.CaptureStacks;
import org.isofleet.protocol.group.WorkerCommand.CollectCheckpoints;
import org.isofleet.protocol.group.WorkerCommand.FollowGroup;
import org.isofleet.protocol.group.WorkerCommand.PrepareGroup;
import org.isofleet.protocol.group.WorkerCommand.RegisterAgain;
import org.isofleet.protocol.group.WorkerCommand.ReleaseGroup;
import org.isofleet.protocol.group.WorkerCommand.ReportAcknowledged;
import org.isofleet.protocol.group.WorkerCommand.Shutdown;
import org.isofleet.protocol.group.WorkerCommand.StartGroup;
import org.isofleet.protocol.group.WorkerCommand.Welcome;
import org.isofleet.protocol.group.WorkerCommand.WriteCheckpoint;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as coordinators see it: registers, sends heartbeats, hands commands to training and evaluation, and their reports to the
 * gateway. It computes nothing and waits for nothing. What it knows lives in {@link WorkerState}, which outlasts the actor system.
 */
final class WorkerActor {
    /** What the actor hears. */
    sealed interface Message {}

    record FromCoordinator(WorkerCommand command) implements Message {}

    record Tick() implements Message {}

    /** {@link WorkerState#reported} has something. */
    record Wake() implements Message {}

    record Stepped(RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond) implements Message {}

    /** Somebody was turned away at a port of this worker. */
    record Refused(String line) implements Message {}

    /** A coordinator's system refuses this one for good. */
    record Quarantined() implements Message {}

    /** Say goodbye, then answer. */
    record Leave(String reason, ActorRef<Done> whenSaid) implements Message {}

    private static final Logger log = LoggerFactory.getLogger(WorkerActor.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final long HEARTBEAT_MILLIS = 500;

    private final WorkerState state;
    private final ActorRef<WorkerCommand> self;
    private final List<ActorSelection> coordinators;
    private final CoordinatorLink<ActorRef<GatewayMessage>> link;
    private final Consumer<String> end;
    private final Runnable renew;
    private long lastHeartbeat;

    private WorkerActor(ActorContext<Message> context, WorkerState state, Consumer<String> end, Runnable renew) {
        this.state = state;
        this.end = end;
        this.renew = renew;
        this.self = context.messageAdapter(WorkerCommand.class, FromCoordinator::new);
        // A selection passes the quarantine that a coordinator's orderly end leaves on its address; a reference would
        // not.
        this.coordinators = state.settings.coordinators().stream()
                .map(address -> Adapter.toClassic(context.getSystem())
                        .actorSelection("pekko://isofleet@" + address + "/user/gateway"))
                .toList();
        context.getSystem()
                .eventStream()
                .tell(new EventStream.Subscribe<>(
                        ThisActorSystemQuarantinedEvent.class,
                        context.messageAdapter(ThisActorSystemQuarantinedEvent.class, event -> new Quarantined())));
        this.link = new CoordinatorLink<>(coordinators.size(), nowMillis());
    }

    /**
     * @param end called with the reason when the process should end
     * @param renew called when this actor system is of no use any more
     */
    static Behavior<Message> create(WorkerState state, Consumer<String> end, Runnable renew) {
        Behavior<Message> behavior = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerAtFixedRate(new Tick(), TICK);
            return new WorkerActor(context, state, end, renew).behavior();
        }));
        Behavior<Message> about = Behaviors.withMdc(Message.class, message -> about(state), behavior);
        // A defect in one message must not cost the run that is trained; it is logged by Pekko.
        return Behaviors.supervise(about).onFailure(SupervisorStrategy.resume());
    }

    private static Map<String, String> about(WorkerState state) {
        GroupPlan group = state.duty.group();
        return group == null ? Map.of() : RunScope.context(group.spec().id(), group.generation());
    }

    private Behavior<Message> behavior() {
        return Behaviors.receive(Message.class)
                .onMessage(Tick.class, tick -> onTick())
                .onMessage(FromCoordinator.class, message -> onCommand(message.command()))
                .onMessage(Wake.class, wake -> drainReports())
                .onMessage(Stepped.class, this::onStepped)
                .onMessage(Refused.class, this::onRefused)
                .onMessage(Quarantined.class, message -> {
                    renew.run();
                    return Behaviors.ignore();
                })
                .onMessage(Leave.class, this::onLeave)
                .build();
    }

    private Behavior<Message> onTick() {
        drainReports();
        long now = nowMillis();
        state.farewell.due(state.isBusy(), link.gateway() != null, now).ifPresent(end);
        link.tick(now)
                .ifPresent(coordinator ->
                        coordinators.get(coordinator).tell(registration(), org.apache.pekko.actor.ActorRef.noSender()));
        ActorRef<GatewayMessage> gateway = link.gateway();
        if (gateway != null) {
            if (now - lastHeartbeat >= HEARTBEAT_MILLIS || state.farewell.hasBegun()) {
                beat(gateway);
            }
            send(state.outbox.due(now));
        }
        long orphan = state.settings.orphanTimeout().toMillis();
        if (orphan > 0 && link.silentMillis() > orphan) {
            end.accept("no coordinator was heard of for " + orphan / 1000.0 + " s");
        }
        return Behaviors.same();
    }

    private Behavior<Message> onCommand(WorkerCommand command) {
        if (command instanceof Welcome welcome) {
            boolean changed = link.welcomed(welcome.gateway(), nowMillis());
            if (welcome.gateway().equals(link.gateway())) {
                state.host.depot(welcome.depot());
            }
            if (changed) {
                log.info("registered with {}", welcome.gateway().path().address());
                beat(welcome.gateway()); // a run that waits for this worker hears of it by that
                send(state.outbox.all(nowMillis()));
            }
        } else if (command instanceof RegisterAgain) {
            ActorRef<GatewayMessage> gateway = link.gateway();
            if (gateway != null) {
                gateway.tell(registration());
            }
        } else if (command instanceof ReportAcknowledged acknowledged) {
            state.outbox.acknowledged(acknowledged.sequence()).ifPresent(state.farewell::acknowledged);
        } else if (command instanceof CaptureStacks asked) {
            captureStacks(asked);
        } else if (command instanceof Shutdown) {
            end.accept("a coordinator asked for it");
        } else {
            obey(command);
        }
        return Behaviors.same();
    }

    private void captureStacks(CaptureStacks asked) {
        ActorRef<GatewayMessage> gateway = link.gateway();
        if (gateway != null) {
            log.warn("{}: a coordinator asks where the threads stand: {}", asked.runId(), asked.reason());
            gateway.tell(new StacksCaptured(
                    state.settings.workerId(),
                    state.incarnation,
                    asked.runId(),
                    asked.generation(),
                    asked.reason(),
                    ThreadStacks.capture(StacksCaptured.LONGEST)));
        }
    }

    private void obey(WorkerCommand command) {
        Duty.Turn turn = state.duty.decide(command);
        state.duty = turn.next();
        Duty.Decision decision = turn.decision();
        if (decision instanceof Duty.Train) {
            train(command);
        } else if (decision instanceof Duty.Compute compute) {
            state.evaluation.evaluate(compute.task(), state::report);
        } else if (decision instanceof Duty.Refuse refusal) {
            post(refusal.report());
        } else if (decision instanceof Duty.Ignore ignored) {
            log.debug("ignored {}: {}", command, ignored.reason());
        }
    }

    private void train(WorkerCommand command) {
        if (command instanceof PrepareGroup prepare) {
            state.host.prepare(prepare.plan());
        } else if (command instanceof FollowGroup follow) {
            state.host.follow(follow.plan(), follow.source(), follow.patienceMillis());
        } else if (command instanceof StartGroup start) {
            state.host.start(start.runId(), start.generation(), start.from());
        } else if (command instanceof ReleaseGroup release) {
            state.host.release(release.runId(), release.generation());
        } else if (command instanceof WriteCheckpoint write) {
            state.host.write(write.runId(), write.generation(), write.step());
        } else if (command instanceof CollectCheckpoints collect) {
            state.host.collect(collect.runId(), collect.generation(), collect.keep());
        }
    }

    private Behavior<Message> drainReports() {
        for (RunReport report = state.reported.poll(); report != null; report = state.reported.poll()) {
            state.duty = state.duty.reported(report);
            post(report);
        }
        return Behaviors.same();
    }

    private void post(RunReport report) {
        if (state.outbox.add(report)) {
            log.warn("too many reports wait for a coordinator; the oldest was dropped");
        }
        if (link.gateway() != null) {
            send(state.outbox.newest());
        }
    }

    private Behavior<Message> onStepped(Stepped stepped) {
        ActorRef<GatewayMessage> gateway = link.gateway();
        if (gateway != null) {
            gateway.tell(new Telemetry(
                    stepped.runId(),
                    stepped.generation(),
                    state.settings.workerId(),
                    stepped.steps(),
                    stepped.tokensPerSecond()));
        }
        return Behaviors.same();
    }

    private Behavior<Message> onRefused(Refused refused) {
        ActorRef<GatewayMessage> gateway = link.gateway();
        if (gateway != null) {
            gateway.tell(new StrangerRefused(state.settings.workerId(), state.incarnation, refused.line()));
        }
        return Behaviors.same();
    }

    private Behavior<Message> onLeave(Leave leave) {
        if (link.gateway() != null) {
            link.gateway().tell(new Goodbye(state.settings.workerId(), state.incarnation, leave.reason()));
        }
        leave.whenSaid().tell(Done.getInstance());
        return Behaviors.ignore();
    }

    private void send(List<Outbox.Entry> entries) {
        ActorRef<GatewayMessage> gateway = link.gateway();
        if (gateway != null) {
            entries.forEach(entry -> gateway.tell(new NumberedReport(
                    state.settings.workerId(), state.incarnation, entry.sequence(), entry.report(), self)));
        }
    }

    private void beat(ActorRef<GatewayMessage> gateway) {
        lastHeartbeat = nowMillis();
        gateway.tell(state.heartbeat());
    }

    private RegisterWorker registration() {
        return new RegisterWorker(state.profile(), state.host.held(), self);
    }

    /** Monotonic, unlike the wall clock. */
    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
