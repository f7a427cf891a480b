package org.isofleet.protocol.group;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.wire.WireMessage;
import org.jspecify.annotations.Nullable;

/** What a gateway is told: by workers, which dial that of any coordinator, and by its own coordinator. */
public sealed interface GatewayMessage extends WireMessage {
    /** Sent at start, on silence of the gateway, and when asked to; {@code held}: state in memory from before, if any. */
    record RegisterWorker(WorkerProfile profile, @Nullable HeldState held, ActorRef<WorkerCommand> worker)
            implements GatewayMessage {}

    /**
     * Sent twice a second. Answered by nothing; the gateway's {@link WorkerCommand.Welcome} is repeated every second so that a
     * worker notices silence.
     *
     * @param shardSeconds time that the gradient of one shard of the run in memory usually takes a thread; 0 when it does not train
     * @param leaving whether it was asked to end, and waits until somebody else has what it works at
     */
    record Heartbeat(
            String workerId,
            long incarnation,
            @Nullable HeldState held,
            @Nullable EvaluationKind evaluating,
            double tokensPerSecond,
            double shardSeconds,
            long residentBytes,
            boolean leaving)
            implements GatewayMessage {}

    /** A report with its number; repeated until {@link WorkerCommand.ReportAcknowledged}. Numbers count up from 1. */
    record NumberedReport(
            String workerId, long incarnation, long sequence, RunReport report, ActorRef<WorkerCommand> worker)
            implements GatewayMessage {}

    /** Steps since the last telemetry, thinned when there are many. Sent by the first member only; may be lost. */
    record Telemetry(RunId runId, long generation, String workerId, List<StepMetrics> steps, double tokensPerSecond)
            implements GatewayMessage {
        public Telemetry {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Where the threads of a worker stand that makes no step; may be lost.
     *
     * @param reason why it was asked
     * @param stacks for people, at most {@link #LONGEST} characters
     */
    record StacksCaptured(String workerId, long incarnation, RunId runId, long generation, String reason, String stacks)
            implements GatewayMessage {
        /** Half of what a frame of the actor systems takes. */
        public static final int LONGEST = 100_000;
    }

    /** A worker has turned somebody away, as it says in a line; told seldom, and may be lost. */
    record StrangerRefused(String workerId, long incarnation, String line) implements GatewayMessage {}

    /** The worker leaves of its own accord. */
    record Goodbye(String workerId, long incarnation, String reason) implements GatewayMessage {}

    /** The coordinator asks all workers that are registered here to end; never travels. */
    record DismissWorkers() implements GatewayMessage {}

    /** A timer of the gateway itself; never travels. */
    record Wake() implements GatewayMessage {}
}
