package org.isofleet.coordinator.gateway;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * The door for workers, one on each coordinator, always at {@code /user/gateway}. It knows who is registered here and who has fallen
 * silent, tells placement of both, and passes reports to runs and telemetry to those who watch. It decides nothing and keeps
 * nothing: a worker that hears no {@code Welcome} for a while registers again, here or elsewhere.
 */
public final class Gateway extends AbstractBehavior<GatewayMessage> {
    /** Name of the actor below {@code /user}. */
    public static final String NAME = "gateway";

    private static final Duration TICK = Duration.ofMillis(100);
    private static final int TICKS_PER_WELCOME = 10;

    /** A longer time between two ticks means that this process stood still, and so heard nobody; that is no silence of the workers. */
    private static final Duration STOOD_STILL = Duration.ofSeconds(2);

    private final ActorRef<PlacementCommand> placement;
    private final BiConsumer<RunId, RunCommand> runs;
    private final Consumer<LiveEvent> live;
    private final Clock clock;
    private final Depot depot;
    private final StackFolder stacks;
    private final String address;
    private final Map<String, DialledWorker> workers = new HashMap<>();
    private final Map<String, DialledWorker> lost = new HashMap<>();
    private long wokeNanos = System.nanoTime();
    private int ticks;

    private Gateway(
            ActorContext<GatewayMessage> context,
            ActorRef<PlacementCommand> placement,
            BiConsumer<RunId, RunCommand> runs,
            Consumer<LiveEvent> live,
            Clock clock,
            Depot depot,
            StackFolder stacks) {
        super(context);
        this.placement = placement;
        this.runs = runs;
        this.live = live;
        this.clock = clock;
        this.depot = depot;
        this.stacks = stacks;
        // With its uid: a gateway that was started again is another one.
        address = context.getSelf().path().toSerializationFormat() + "@"
                + context.getSystem().address();
    }

    /**
     * @param runs delivers a command to a run, wherever it lives
     * @param live where telemetry and workers are shown
     * @param depot what workers are told of it
     * @param stacks where it is kept how workers stood that made no step
     */
    public static Behavior<GatewayMessage> create(
            ActorRef<PlacementCommand> placement,
            BiConsumer<RunId, RunCommand> runs,
            Consumer<LiveEvent> live,
            Clock clock,
            Depot depot,
            StackFolder stacks) {
        Behavior<GatewayMessage> gateway = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new GatewayMessage.Wake(), TICK);
            return new Gateway(context, placement, runs, live, clock, depot, stacks);
        }));
        return Behaviors.supervise(gateway).onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Receive<GatewayMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(GatewayMessage.RegisterWorker.class, this::onRegister)
                .onMessage(GatewayMessage.Heartbeat.class, this::onHeartbeat)
                .onMessage(GatewayMessage.NumberedReport.class, this::onReport)
                .onMessage(GatewayMessage.Telemetry.class, this::onTelemetry)
                .onMessage(GatewayMessage.StacksCaptured.class, this::onStacks)
                .onMessage(GatewayMessage.StrangerRefused.class, this::onRefused)
                .onMessage(GatewayMessage.Goodbye.class, this::onGoodbye)
                .onMessage(GatewayMessage.DismissWorkers.class, dismiss -> onDismiss())
                .onMessage(GatewayMessage.Wake.class, wake -> onWake())
                .build();
    }

    private Behavior<GatewayMessage> onRegister(GatewayMessage.RegisterWorker registration) {
        String workerId = registration.profile().workerId();
        DialledWorker known = workers.get(workerId);
        if (known != null
                && known.incarnation() > registration.profile().member().incarnation()) {
            getContext().getLog().warn("worker {} of an older incarnation registers; it is ignored", workerId);
            return this;
        }
        if (known != null
                && known.incarnation() < registration.profile().member().incarnation()) {
            lose(known, "its process was started again", false);
        }
        DialledWorker worker = new DialledWorker(registration);
        register(worker);
        worker.worker.tell(new WorkerCommand.Welcome(getContext().getSelf(), depot));
        // Placement hears of it with its first heartbeat, which says whether it is busy with an evaluation from before.
        live.accept(worker.seen(clock.instant(), 0));
        return this;
    }

    private void register(DialledWorker worker) {
        workers.put(worker.profile.workerId(), worker);
        lost.remove(worker.profile.workerId());
    }

    private Behavior<GatewayMessage> onHeartbeat(GatewayMessage.Heartbeat heartbeat) {
        DialledWorker worker = known(heartbeat.workerId(), heartbeat.incarnation());
        DialledWorker silent = lost.get(heartbeat.workerId());
        if (worker == null && silent != null && silent.incarnation() == heartbeat.incarnation()) {
            // It was only slow.
            worker = silent;
            register(silent);
        }
        if (worker != null) {
            worker.heard(heartbeat);
            show(worker);
        }
        return this;
    }

    private Behavior<GatewayMessage> onReport(GatewayMessage.NumberedReport numbered) {
        if (known(numbered.workerId(), numbered.incarnation()) == null) {
            numbered.worker().tell(new WorkerCommand.RegisterAgain());
        }
        runs.accept(
                numbered.report().runId(),
                new RunCommand.Report(
                        numbered.workerId(),
                        numbered.incarnation(),
                        numbered.sequence(),
                        numbered.report(),
                        numbered.worker()));
        return this;
    }

    private Behavior<GatewayMessage> onTelemetry(GatewayMessage.Telemetry telemetry) {
        live.accept(new LiveEvent.Progress(
                clock.instant(),
                telemetry.runId(),
                telemetry.generation(),
                telemetry.steps(),
                telemetry.tokensPerSecond()));
        return this;
    }

    private Behavior<GatewayMessage> onStacks(GatewayMessage.StacksCaptured captured) {
        if (known(captured.workerId(), captured.incarnation()) != null) {
            stacks.keep(
                    captured,
                    clock.instant(),
                    file -> live.accept(new LiveEvent.Warning(
                            clock.instant(),
                            captured.runId(),
                            "where the threads of worker %s stood is in %s".formatted(captured.workerId(), file))));
        }
        return this;
    }

    private Behavior<GatewayMessage> onRefused(GatewayMessage.StrangerRefused refused) {
        if (known(refused.workerId(), refused.incarnation()) != null) {
            live.accept(new LiveEvent.Warning(
                    clock.instant(), null, "worker " + refused.workerId() + " " + refused.line()));
        }
        return this;
    }

    private Behavior<GatewayMessage> onGoodbye(GatewayMessage.Goodbye goodbye) {
        DialledWorker worker = known(goodbye.workerId(), goodbye.incarnation());
        if (worker != null) {
            lose(worker, "it left: " + goodbye.reason(), true);
        }
        return this;
    }

    private Behavior<GatewayMessage> onDismiss() {
        workers.values().forEach(worker -> worker.worker.tell(new WorkerCommand.Shutdown()));
        return this;
    }

    private Behavior<GatewayMessage> onWake() {
        long now = System.nanoTime();
        if (now - wokeNanos > STOOD_STILL.toNanos()) {
            workers.values().forEach(worker -> worker.heartbeats.beat());
        }
        wokeNanos = now;
        for (DialledWorker worker : List.copyOf(workers.values())) {
            if (worker.heartbeats.areMissed()) {
                lose(worker, "its heartbeats stopped, so it cannot be asked where its threads stand", false);
                lost.put(worker.profile.workerId(), worker);
            }
        }
        ticks++;
        if (ticks % TICKS_PER_WELCOME == 0) {
            ActorRef<GatewayMessage> self = getContext().getSelf();
            workers.values().forEach(worker -> worker.worker.tell(new WorkerCommand.Welcome(self, depot)));
        }
        return this;
    }

    private @Nullable DialledWorker known(String workerId, long incarnation) {
        DialledWorker worker = workers.get(workerId);
        return worker != null && worker.incarnation() == incarnation ? worker : null;
    }

    private void show(DialledWorker worker) {
        double score = worker.stragglerScore(workers.values());
        placement.tell(new PlacementCommand.WorkerSeen(worker.status(address, score), worker.worker));
        live.accept(worker.seen(clock.instant(), score));
    }

    private void lose(DialledWorker worker, String reason, boolean inOrder) {
        workers.remove(worker.profile.workerId());
        placement.tell(new PlacementCommand.WorkerGone(worker.profile.workerId(), worker.incarnation(), address));
        live.accept(new LiveEvent.WorkerLost(clock.instant(), worker.profile.workerId(), reason, inOrder));
    }
}
