package org.isofleet.coordinator.node;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GatewayMessage;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunSpec;
import org.jspecify.annotations.Nullable;

/** A worker process in miniature: its own actor system outside the cluster, the protocol, and steps that take a while. */
final class ScriptedWorker implements AutoCloseable {
    /** What goes wrong on this worker. */
    enum Fault {
        NONE,
        TRAINING,
        PROBE
    }

    private record Tick() {}

    private final Member member;
    private final int gatewayPort;
    private final Fault fault;
    private final ActorSystem<Object> system;
    final List<WorkerCommand> commands = new CopyOnWriteArrayList<>();
    final AtomicLong step = new AtomicLong(-1);

    private final Map<Long, RunReport> unacknowledged = new TreeMap<>();
    private @Nullable ActorRef<GatewayMessage> gateway;
    private @Nullable GroupPlan plan;
    private boolean running;
    private long trainedIn;
    private long sequence;
    private long heardAt;
    private int ticks;

    ScriptedWorker(String id, long incarnation, int gatewayPort, Fault fault) {
        member = new Member(id, incarnation, new BulkAddress("127.0.0.1", 4000));
        this.gatewayPort = gatewayPort;
        this.fault = fault;
        system = ActorSystem.create(
                behavior(), "worker-" + id, ConfigFactory.parseString("""
                                pekko.actor.provider = remote
                                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                                pekko.loglevel = ERROR
                                pekko.stdout-loglevel = OFF
                                pekko.log-dead-letters = off
                                pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                                pekko.remote.warn-about-direct-use = off
                                """).withFallback(ConfigFactory.load()));
    }

    /** Generations that it was asked to enter. */
    List<Long> generations() {
        return commands.stream()
                .filter(WorkerCommand.PrepareGroup.class::isInstance)
                .map(c -> ((WorkerCommand.PrepareGroup) c).plan().generation())
                .distinct()
                .toList();
    }

    List<StartPoint> starts() {
        return commands.stream()
                .filter(WorkerCommand.StartGroup.class::isInstance)
                .map(c -> ((WorkerCommand.StartGroup) c).from())
                .toList();
    }

    private Behavior<Object> behavior() {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Tick(), Duration.ofMillis(50));
            return Behaviors.receive(Object.class)
                    .onMessage(Tick.class, tick -> {
                        tick();
                        return Behaviors.same();
                    })
                    .onMessage(WorkerCommand.class, command -> {
                        take(command);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private ActorRef<WorkerCommand> self() {
        return system.narrow();
    }

    private void tick() {
        ticks++;
        if (System.nanoTime() - heardAt > TimeUnit.SECONDS.toNanos(2)) {
            if (ticks % 10 == 0) {
                // A selection passes the quarantine that a coordinator's orderly end leaves on its address; a reference
                // would not.
                ActorSelection door = Adapter.toClassic(system)
                        .actorSelection("pekko://isofleet@127.0.0.1:" + gatewayPort + "/user/gateway");
                WorkerProfile profile = new WorkerProfile(
                        member,
                        "localhost",
                        1,
                        "scripted",
                        1,
                        1 << 30,
                        List.of(new KernelClass("dl4j-test", "none", "fp32")));
                door.tell(
                        new GatewayMessage.RegisterWorker(profile, held(), self()),
                        org.apache.pekko.actor.ActorRef.noSender());
            }
        }
        train();
        ActorRef<GatewayMessage> to = gateway;
        if (to != null && ticks % 10 == 0) {
            to.tell(new GatewayMessage.Heartbeat(
                    member.workerId(), member.incarnation(), held(), null, 10, 0, 1, false));
            unacknowledged.forEach((number, report) -> to.tell(new GatewayMessage.NumberedReport(
                    member.workerId(), member.incarnation(), number, report, self())));
        }
    }

    private @Nullable HeldState held() {
        GroupPlan mine = plan;
        return mine == null || step.get() < 0
                ? null
                : new HeldState(mine.spec().id(), trainedIn, step.get(), step.get());
    }

    private void train() {
        GroupPlan mine = plan;
        if (!running || mine == null) {
            return;
        }
        RunSpec spec = mine.spec();
        if (fault == Fault.TRAINING && step.get() >= 5) {
            running = false;
            report(new RunReport.TrainingFailed(
                    spec.id(), mine.generation(), member.workerId(), "loss is no number at step 5"));
            return;
        }
        long now = Math.min(step.incrementAndGet(), spec.steps());
        boolean first = mine.indexOf(member.workerId()) == 0;
        if (first && gateway != null) {
            gateway.tell(new GatewayMessage.Telemetry(
                    spec.id(),
                    mine.generation(),
                    member.workerId(),
                    List.of(new StepMetrics(now, 5, 1, 1e-3, 0.05)),
                    100));
        }
        CheckpointRef checkpoint = new CheckpointRef(spec.id(), now, "%064x".formatted(now), "step-" + now);
        if (now >= spec.steps()) {
            running = false;
            if (first) {
                report(new RunReport.TrainingFinished(
                        spec.id(), mine.generation(), member.workerId(), checkpoint, "chain", 1));
            }
        } else if (first && now % spec.checkpointEvery() == 0) {
            report(new RunReport.CheckpointWritten(spec.id(), mine.generation(), member.workerId(), checkpoint));
        }
    }

    private void take(WorkerCommand command) {
        if (!(command instanceof WorkerCommand.Welcome)) {
            commands.add(command);
        }
        if (command instanceof WorkerCommand.Welcome welcome) {
            gateway = welcome.gateway();
            heardAt = System.nanoTime();
        } else if (command instanceof WorkerCommand.PrepareGroup prepare) {
            prepare(prepare.plan());
        } else if (command instanceof WorkerCommand.FollowGroup follow) {
            report(new RunReport.FollowingFailed(
                    follow.plan().spec().id(),
                    follow.plan().generation(),
                    member.workerId(),
                    "a script copies nothing"));
        } else if (command instanceof WorkerCommand.StartGroup start) {
            start(start);
        } else if (command instanceof WorkerCommand.ReleaseGroup release) {
            if (plan != null && plan.spec().id().equals(release.runId()) && release.generation() >= plan.generation()) {
                plan = null;
                running = false;
                step.set(-1);
            }
        } else if (command instanceof WorkerCommand.Evaluate evaluate) {
            evaluate(evaluate);
        } else if (command instanceof WorkerCommand.ReportAcknowledged acknowledged) {
            unacknowledged.remove(acknowledged.sequence());
        } else if (command instanceof WorkerCommand.Shutdown) {
            system.terminate();
        }
    }

    private void prepare(GroupPlan to) {
        if (plan != null && plan.spec().id().equals(to.spec().id())) {
            if (to.generation() < plan.generation() || (to.generation() == plan.generation() && running)) {
                return;
            }
        } else {
            step.set(-1);
        }
        plan = to;
        running = false;
        report(new RunReport.GroupPrepared(to.spec().id(), to.generation(), member.workerId(), held(), "digest"));
    }

    private void start(WorkerCommand.StartGroup start) {
        if (plan == null || running || plan.generation() != start.generation()) {
            return;
        }
        boolean reads = false;
        if (start.from() instanceof StartPoint.FromMember from) {
            step.set(from.step());
        } else if (start.from() instanceof StartPoint.FromCheckpoint from) {
            step.set(from.checkpoint().step());
            reads = true;
        } else {
            step.set(0);
        }
        running = true;
        trainedIn = start.generation();
        report(new RunReport.GroupRunning(start.runId(), start.generation(), member.workerId(), step.get(), reads));
    }

    private void evaluate(WorkerCommand.Evaluate task) {
        String digest = task.checkpoint().digest();
        if (fault == Fault.PROBE && task.kind() == EvaluationKind.LINEAR_PROBE) {
            report(new RunReport.EvaluationFailed(
                    task.spec().id(), member.workerId(), digest, task.kind(), "out of memory"));
        } else {
            report(new RunReport.EvaluationFinished(
                    task.spec().id(), member.workerId(), digest, TestPlans.result(task.kind()), 1));
        }
    }

    private void report(RunReport report) {
        unacknowledged.put(++sequence, report);
    }

    /** As a kill does it: without a word to anyone. */
    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("a scripted worker did not stop", e);
        }
    }
}
