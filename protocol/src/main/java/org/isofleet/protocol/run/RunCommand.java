package org.isofleet.protocol.run;

import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.wire.WireMessage;

/** What a run is told. */
public sealed interface RunCommand extends WireMessage {
    /** A study asks for the run; repeated until it has ended. */
    record Order(RunOrder order) implements RunCommand {}

    /** Placement says who works for the run, and where they can be reached. */
    record Staff(Staffing staffing, Map<String, ActorRef<WorkerCommand>> workers) implements RunCommand {
        public Staff {
            workers = Map.copyOf(workers);
        }
    }

    /** A worker's report; acknowledged to {@code worker} when what follows from it is persisted. */
    record Report(String workerId, long incarnation, long sequence, RunReport report, ActorRef<WorkerCommand> worker)
            implements RunCommand {}

    /** A study says what an operator wants; repeated with its orders. */
    record Operate(OperatorWish wish) implements RunCommand {}

    /** A study asks the run to show what has happened until now. */
    record Show() implements RunCommand {}

    /** A study does not need the run any more; repeated until it has said how it ended. */
    record Stop(RunOrder order, String reason) implements RunCommand {}

    /**
     * What lies in the checkpoint store, as read when the run woke; never travels.
     *
     * @param generation the newest in which one was written; 0 without any
     * @param checkpoints newest first
     */
    record StoreRead(long generation, List<CheckpointRef> checkpoints) implements RunCommand {
        public StoreRead {
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /** A timer of the run itself; never travels. */
    record Wake() implements RunCommand {}
}
