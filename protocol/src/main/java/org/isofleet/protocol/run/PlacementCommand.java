package org.isofleet.protocol.run;

import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.wire.WireMessage;

/** What placement is told; everything is repeated, so that a new placement learns all within seconds. */
public sealed interface PlacementCommand extends WireMessage {
    /** A worker lives: at registration and with each of its heartbeats. */
    record WorkerSeen(WorkerStatus status, ActorRef<WorkerCommand> worker) implements PlacementCommand {}

    /** A gateway took a worker's silence or farewell for its end. */
    record WorkerGone(String workerId, long incarnation, String gateway) implements PlacementCommand {}

    record Need(RunNeed need) implements PlacementCommand {}

    /** A timer of placement itself; never travels. */
    record Wake() implements PlacementCommand {}
}
