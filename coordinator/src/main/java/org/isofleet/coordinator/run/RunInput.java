package org.isofleet.coordinator.run;

import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.Staffing;

/** What a run decides about. */
public sealed interface RunInput {
    /** The journal has been read; the first input after every start of the entity. */
    record Recovered() implements RunInput {}

    /** A study asks for the run, once more each time. */
    record Ordered(RunOrder order) implements RunInput {}

    /** A study does not need it any more; once more each time. */
    record Stopped(RunOrder order, String reason) implements RunInput {}

    /** Placement says who works for it. */
    record Staffed(Staffing staffing) implements RunInput {}

    /** A worker process reports; again until it is acknowledged. */
    record Reported(String workerId, long incarnation, RunReport report) implements RunInput {}

    /** The checkpoint store was read; the newest generation in it, and the checkpoints that were noted as counting, newest first. */
    record Stored(long generation, List<CheckpointRef> checkpoints) implements RunInput {
        public Stored {
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /** An operator wants something, once more each time. */
    record Operated(OperatorWish wish) implements RunInput {}

    /** Someone who watches has come late. */
    record Shown() implements RunInput {}

    /** Time has passed. */
    record Woke() implements RunInput {}
}
