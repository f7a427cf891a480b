package org.isofleet.coordinator.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.isofleet.coordinator.gateway.Gateway;
import org.isofleet.coordinator.gateway.StackFolder;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.placement.Placement;
import org.isofleet.coordinator.relay.LiveRelay;
import org.isofleet.coordinator.run.RunDecider;
import org.isofleet.coordinator.run.RunEntity;
import org.isofleet.coordinator.run.RunPace;
import org.isofleet.coordinator.study.StudyEntity;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.refusal.ArteryRefusals;
import org.isofleet.protocol.refusal.Refusals;
import org.isofleet.protocol.run.PlacementCommand;
import org.isofleet.protocol.run.RunCommand;
import org.isofleet.protocol.run.StudyCommand;
import org.isofleet.protocol.study.RunId;

/** Starts what a coordinator consists of. The gateway comes last: a report before the shards are there would be lost. */
final class Guardian {
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);

    private Guardian() {}

    /** @param started completed when everything is there, so that the node may join its cluster */
    static Behavior<GatewayMessage.DismissWorkers> create(
            CoordinatorSettings settings,
            Depot depot,
            Refusals refusals,
            Consumer<LiveEvent> live,
            Clock clock,
            CompletableFuture<Void> started) {
        return Behaviors.setup(context -> {
            Behavior<GatewayMessage.DismissWorkers> behavior = start(context, settings, depot, refusals, live, clock);
            started.complete(null);
            return behavior;
        });
    }

    private static Consumer<LiveEvent> toAll(ActorRef<LiveRelay.Message> relay) {
        return event -> relay.tell(new LiveRelay.Happened(event));
    }

    /** Files may be far away and slow, so they are read where blocking is allowed. */
    private static Function<RunId, CompletionStage<RunCommand.StoreRead>> store(
            ActorContext<?> context, CoordinatorSettings settings) {
        CheckpointFolders folders = new CheckpointFolders(settings.checkpointStore());
        Executor blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        return id -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return new RunCommand.StoreRead(folders.newestGeneration(id), folders.counting(id));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        blocking)
                .orTimeout(STORE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Behavior<GatewayMessage.DismissWorkers> start(
            ActorContext<GatewayMessage.DismissWorkers> context,
            CoordinatorSettings settings,
            Depot depot,
            Refusals refusals,
            Consumer<LiveEvent> here,
            Clock clock) {
        context.spawn(UnhandledMessages.create(), "unhandled");
        Consumer<LiveEvent> live = settings.journal() instanceof JournalSettings.PostgreSql
                ? toAll(context.spawn(LiveRelay.create(here), "live"))
                : here;
        refusals.heardBy(line -> live.accept(new LiveEvent.Warning(clock.instant(), null, line)));
        ArteryRefusals.tell(context.getSystem(), refusals);
        ClusterSharding sharding = ClusterSharding.get(context.getSystem());
        BiConsumer<RunId, RunCommand> runs = (id, command) ->
                sharding.entityRefFor(RunEntity.KEY, id.value()).tell(command);
        BiConsumer<String, StudyCommand> studies =
                (id, command) -> sharding.entityRefFor(StudyEntity.KEY, id).tell(command);

        ActorRef<PlacementCommand> placement = ClusterSingleton.get(context.getSystem())
                .init(SingletonActor.of(Placement.create(runs, clock), "placement"));
        RunDecider decider = new RunDecider(settings.checkpointStore().toString(), RunPace.DEFAULT);
        RunEntity.Peers runPeers = new RunEntity.Peers(placement, studies, live, store(context, settings));
        sharding.init(Entity.of(
                RunEntity.KEY, entity -> RunEntity.create(new RunId(entity.getEntityId()), decider, runPeers, clock)));
        StudyEntity.Peers studyPeers = new StudyEntity.Peers(runs, live);
        sharding.init(Entity.of(StudyEntity.KEY, entity -> StudyEntity.create(entity.getEntityId(), studyPeers, clock))
                .withSettings(
                        ClusterShardingSettings.create(context.getSystem()).withRememberEntities(true)));

        ActorRef<GatewayMessage> gateway = context.spawn(
                Gateway.create(placement, runs, live, clock, depot, new StackFolder(settings.checkpointStore())),
                Gateway.NAME);
        return Behaviors.receiveMessage(dismiss -> {
            gateway.tell(dismiss);
            return Behaviors.same();
        });
    }
}
