package org.isofleet.deploy.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.isofleet.coordinator.run.RunPhase;
import org.isofleet.coordinator.run.RunState;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** What holds always, whatever happens; {@code docs/recovery.md} numbers them in the same way. */
final class Laws {
    private final List<Bytes> right;
    private final RunId runId;
    private final boolean flips;

    private Laws(List<Bytes> right, RunId runId, boolean flips) {
        this.right = List.copyOf(right);
        this.runId = runId;
        this.flips = flips;
    }

    static Laws of(Scenario scenario) {
        List<Bytes> right = LongStream.rangeClosed(0, scenario.steps())
                .mapToObj(step -> Bytes.undisturbed(step, Scenario.SHARDS))
                .toList();
        return new Laws(right, scenario.order().runId(), scenario.hasFlips());
    }

    /** Of what one decision persists. */
    static void ofEvents(@Nullable RunHistory before, List<RunEvent> events) {
        RunHistory history = before;
        Broken.unless(
                before == null
                        || before.group().members().size() < 2
                        || events.stream().noneMatch(RunEvent.MemoryDoubted.class::isInstance)
                        || events.stream().noneMatch(RunEvent.AttemptFailed.class::isInstance),
                "11: members came to different bits, and the run has failed",
                events);
        for (RunEvent event : events) {
            RunHistory after = RunHistory.after(history, event);
            if (history != null) {
                Broken.unless(
                        history.settled() == null
                                || event instanceof RunEvent.MemoryDoubted
                                || event instanceof RunEvent.CheckpointDiscarded,
                        "7: something happens after the end",
                        event);
                Broken.unless(
                        !(event instanceof RunEvent.TrainingCompleted) || history.completed() == null,
                        "7: training ends twice");
                Broken.unless(
                        event instanceof RunEvent.CheckpointDiscarded
                                || after.committedStep() >= history.committedStep(),
                        "2: the committed step falls: before, after, event",
                        history.committedStep(),
                        after.committedStep(),
                        event);
                Broken.unless(
                        after.generation()
                                == history.generation() + (event instanceof RunEvent.GenerationBegun ? 1 : 0),
                        "3: generations are left out: after, before",
                        after.generation(),
                        history.generation());
            }
            history = after;
        }
    }

    /** Of a generation that is told to start. */
    void ofStart(RunHistory history, List<Worker> workers) {
        StartPoint from = Objects.requireNonNull(history.group().start());
        for (Member member : history.group().members()) {
            Optional<Worker> living = workers.stream()
                    .filter(w -> w.duty().workerId().equals(member.workerId())
                            && w.duty().incarnation() == member.incarnation())
                    .findFirst();
            if (living.isPresent()) {
                Worker worker = living.get();
                Broken.unless(
                        worker.generation() >= history.generation()
                                || worker.duty().group() == null,
                        "4: a member was not prepared when its generation was started",
                        member.workerId(),
                        history.generation());
                HeldState held = worker.held(history.runId());
                Broken.unless(
                        held == null
                                || held.step() <= step(from)
                                || held.step() < history.committedStep()
                                || (flips && !(from instanceof StartPoint.FromMember)),
                        "5: a generation starts at a step though a member holds a later one",
                        history.generation(),
                        step(from),
                        member.workerId(),
                        held == null ? "" : held.step());
            }
        }
    }

    /** Of what is decided about the word that placement has of all workers now: who joins has what the group has, or has tried. */
    static void ofJoining(RunState before, List<RunEvent> events, List<Worker> workers) {
        RunHistory history = before.history();
        for (RunEvent event : events) {
            if (history != null
                    && event instanceof RunEvent.GenerationBegun begun
                    && begun.cause() == GenerationCause.JOINED) {
                List<Member> newcomers = new ArrayList<>(begun.members());
                newcomers.removeAll(history.group().members());
                for (Worker worker : workers) {
                    HeldState held = worker.held(history.runId());
                    boolean joins = newcomers.stream()
                            .anyMatch(m -> m.workerId().equals(worker.duty().workerId()));
                    boolean ready = held != null
                            && (held.generation() == history.generation() || held.step() >= before.reachedStep());
                    Broken.unless(
                            !joins || ready || hasTried(before, worker),
                            "10: a worker joins that has not followed",
                            worker.duty().workerId(),
                            begun.generation());
                }
            }
        }
    }

    private static boolean hasTried(RunState before, Worker worker) {
        RunNeed.Holding process =
                new RunNeed.Holding(worker.duty().workerId(), worker.duty().incarnation());
        Instant until = before.phase() instanceof RunPhase.Training training
                ? training.followers().get(process)
                : null;
        return until != null && !until.isAfter(Scenario.NOW);
    }

    private static long step(StartPoint from) {
        if (from instanceof StartPoint.FromMember member) {
            return member.step();
        }
        return from instanceof StartPoint.FromCheckpoint checkpoint
                ? checkpoint.checkpoint().step()
                : 0;
    }

    /** Of what becomes of the disk by one event: what the journal counts on is not deleted. */
    static void ofDisk(RunHistory history, Disk before, Disk after) {
        for (CheckpointRef counted : history.needed()) {
            Broken.unless(
                    // A late word of it may come after the collection was sent that deletes it, when what was kept
                    // instead is in doubt.
                    after.holds(counted)
                            || !before.holds(counted)
                            || history.group().doubt() != null,
                    "6: a checkpoint that counts is deleted: step",
                    counted.step());
        }
    }

    /** Of a moment. */
    void ofWorld(RunHistory history, List<Worker> workers) {
        for (Worker worker : workers) {
            ofWorker(history, worker);
        }
        if (!flips) {
            ofCommits(history, List::of);
        }
    }

    /** Of what counts: it has the right bytes, or who noticed that it has not has said so, and will be heard. */
    void ofCommits(RunHistory history, Supplier<List<RunReport.StatesDiffer>> said) {
        for (RunEvent.CheckpointCommitted commit : history.commits()) {
            Broken.unless(
                    isRight(commit.checkpoint())
                            || said.get().stream().anyMatch(differ -> takesBack(history, differ, commit)),
                    "1: a committed checkpoint has other bytes: step",
                    commit.checkpoint().step());
        }
    }

    private static boolean takesBack(
            RunHistory history, RunReport.StatesDiffer differ, RunEvent.CheckpointCommitted commit) {
        return history.group().trustsMemory(differ.generation())
                && differ.generation() <= commit.generation()
                && differ.step() <= commit.checkpoint().step();
    }

    /** Of a run that has ended, when everything that was said was heard. */
    void ofEnd(RunHistory history) {
        ofCommits(history, List::of);
    }

    private boolean isRight(CheckpointRef checkpoint) {
        return checkpoint.equals(right(checkpoint.step()).checkpoint(runId));
    }

    private void ofWorker(RunHistory history, Worker worker) {
        String id = worker.duty().workerId();
        Bytes memory = worker.memory();
        if (memory != null && !flips) {
            Broken.unless(
                    memory.equals(right(memory.step())), "1: a member holds other bytes at step", id, memory.step());
        }
        if (worker.duty().group() == null) {
            return;
        }
        Broken.unless(
                worker.generation() <= history.generation(),
                "3: a member serves a generation that the journal does not know",
                id,
                worker.generation());
        if (worker.generation() == history.generation()
                && history.group().open()
                && !worker.duty().follows()) {
            Broken.unless(
                    worker.plan().members().equals(history.group().members()),
                    "3: a member serves another group of the newest generation",
                    id,
                    worker.generation());
            Broken.unless(
                    worker.activity() == Worker.Activity.STANDS
                            || Objects.equals(worker.from(), history.group().start()),
                    "4: a member starts the newest generation elsewhere",
                    id,
                    worker.generation(),
                    String.valueOf(worker.from()));
        }
    }

    private Bytes right(long step) {
        return right.get(Math.toIntExact(step));
    }
}
