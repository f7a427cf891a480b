package org.isofleet.worker.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.group.GatewayMessage.Heartbeat;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.train.TrainingHost;
import org.isofleet.worker.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * What outlasts the actor system of a worker: training and evaluation go on while the system is made anew, and what they report
 * meanwhile waits here. Duty and outbox are touched by the actor alone.
 */
final class WorkerState implements TrainingListener, AutoCloseable {
    private static final AtomicLong lastIncarnation = new AtomicLong();
    private static final int WAITING_REPORTS = 256;
    private static final long REPEAT_MILLIS = 1_000;

    final WorkerSettings settings;
    final long incarnation;
    Duty duty;
    final Outbox outbox = new Outbox(WAITING_REPORTS, REPEAT_MILLIS);
    final TrainingHost host;
    final EvaluationThread evaluation;
    /** Reports on their way from the computing threads to the actor. */
    final Queue<RunReport> reported = new ConcurrentLinkedQueue<>();

    /** Whether this worker is about to end. */
    final Farewell farewell = new Farewell();

    private final WorkerParts parts;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable ActorRef<WorkerActor.Message> actor;

    /** @throws IOException when the bulk port cannot be bound */
    WorkerState(WorkerSettings settings, WorkerParts parts) throws IOException {
        this.settings = settings;
        this.parts = parts;
        // Wall time grows from start to start of a slot; two starts within a millisecond happen in tests only.
        this.incarnation = lastIncarnation.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
        this.duty = Duty.free(settings.workerId(), incarnation);
        this.evaluation = new EvaluationThread(settings.workerId(), parts.evaluators());
        this.host = parts.training().open(settings, incarnation, this);
    }

    /** From now on this actor hears of reports and steps. */
    void attach(ActorRef<WorkerActor.Message> worker) {
        actor = worker;
    }

    WorkerProfile profile() {
        return new WorkerProfile(
                new Member(settings.workerId(), incarnation, host.bulkAddress()),
                hostName(),
                ProcessHandle.current().pid(),
                parts.device(),
                settings.threads(),
                settings.memoryBytes(),
                parts.kernelClasses());
    }

    /** What it does now. */
    Heartbeat heartbeat() {
        return new Heartbeat(
                settings.workerId(),
                incarnation,
                host.held(),
                duty.evaluating(),
                host.tokensPerSecond(),
                host.shardSeconds(),
                ProcessMemory.residentBytes(),
                farewell.hasBegun());
    }

    @Override
    public void report(RunReport report) {
        reported.add(report);
        tell(new WorkerActor.Wake());
    }

    @Override
    public void steps(RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond) {
        tell(new WorkerActor.Stepped(runId, generation, steps, tokensPerSecond));
    }

    @Override
    public void refused(String line) {
        tell(new WorkerActor.Refused(line));
    }

    /** Ends when others have what it works at, or after this time; whichever actor lives then sees to it. */
    void drain(Duration longest) {
        farewell.ask(longest);
        tell(new WorkerActor.Tick());
    }

    /** Whether it trains, follows, evaluates, or has something to report. */
    boolean isBusy() {
        return duty.group() != null || duty.evaluation() != null || !outbox.isEmpty();
    }

    private void tell(WorkerActor.Message message) {
        ActorRef<WorkerActor.Message> worker = actor;
        if (worker != null) {
            worker.tell(message);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            evaluation.close();
            host.close();
        }
    }
}
