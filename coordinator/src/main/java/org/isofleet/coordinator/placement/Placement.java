package org.isofleet.coordinator.placement;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.study.RunId;

/**
 * Carries out what {@link PlacementDecider} decides; one in the cluster. One whose process stood still knows nothing that is true any more, and
 * begins as a new one does: else it would take all workers for silent, and the runs would go on without them.
 */
public final class Placement extends AbstractBehavior<PlacementCommand> {
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A longer time without a tick means that this process stood still; shorter than a worker's silence. */
    private static final Duration STOOD_STILL = Duration.ofSeconds(4);

    private final BiConsumer<RunId, RunCommand> runs;
    private final Clock clock;
    private final Map<String, ActorRef<WorkerCommand>> workers = new HashMap<>();
    private PlacementState state;
    private Instant decidedAt;

    private Placement(ActorContext<PlacementCommand> context, BiConsumer<RunId, RunCommand> runs, Clock clock) {
        super(context);
        this.runs = runs;
        this.clock = clock;
        decidedAt = clock.instant();
        state = PlacementState.starting(decidedAt);
    }

    /** @param runs delivers a command to a run, wherever it lives */
    public static Behavior<PlacementCommand> create(BiConsumer<RunId, RunCommand> runs, Clock clock) {
        Behavior<PlacementCommand> placement = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new PlacementCommand.Wake(), TICK);
            return new Placement(context, runs, clock);
        }));
        return Behaviors.supervise(placement).onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Receive<PlacementCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(PlacementCommand.WorkerSeen.class, this::onWorkerSeen)
                .onMessage(
                        PlacementCommand.WorkerGone.class,
                        gone -> decide(
                                new PlacementInput.WorkerGone(gone.workerId(), gone.incarnation(), gone.gateway())))
                .onMessage(PlacementCommand.Need.class, need -> decide(new PlacementInput.Needed(need.need())))
                .onMessage(PlacementCommand.Wake.class, wake -> decide(new PlacementInput.Woke()))
                .build();
    }

    private Behavior<PlacementCommand> onWorkerSeen(PlacementCommand.WorkerSeen seen) {
        PlacementState.Worker known = state.workers().get(seen.status().workerId());
        if (known == null || known.status().incarnation() <= seen.status().incarnation()) {
            workers.put(seen.status().workerId(), seen.worker());
        }
        return decide(new PlacementInput.WorkerSeen(seen.status()));
    }

    private Behavior<PlacementCommand> decide(PlacementInput input) {
        Instant now = clock.instant();
        if (now.isAfter(decidedAt.plus(STOOD_STILL))) {
            state = PlacementState.starting(now);
        }
        decidedAt = now;
        PlacementDecision decision = PlacementDecider.decide(state, input, now);
        state = decision.next();
        workers.keySet().retainAll(state.workers().keySet());
        decision.effects().forEach(this::apply);
        return this;
    }

    private void apply(PlacementEffect effect) {
        if (effect instanceof PlacementEffect.Staff staff) {
            runs.accept(staff.runId(), new RunCommand.Staff(staff.staffing(), addresses(staff.staffing())));
        } else if (effect instanceof PlacementEffect.Release release) {
            ActorRef<WorkerCommand> worker = workers.get(release.workerId());
            if (worker != null) {
                worker.tell(new WorkerCommand.ReleaseGroup(release.runId(), release.generation()));
            }
        }
    }

    private Map<String, ActorRef<WorkerCommand>> addresses(Staffing staffing) {
        Map<String, ActorRef<WorkerCommand>> addresses = new HashMap<>();
        Stream.concat(staffing.group().stream(), staffing.evaluators().values().stream())
                .map(Staffing.Seat::workerId)
                .forEach(id -> {
                    ActorRef<WorkerCommand> worker = workers.get(id);
                    if (worker != null) {
                        addresses.put(id, worker);
                    }
                });
        return addresses;
    }
}
