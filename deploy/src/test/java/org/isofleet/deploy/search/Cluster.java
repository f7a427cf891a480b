package org.isofleet.deploy.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.isofleet.coordinator.run.RunInput;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.OperatedRun;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/** What one event does to a world: the run, its workers, their disk, and what placement says of them. */
final class Cluster {
    final Scenario scenario;
    final @Nullable Guard removed;
    private final RunOrder order;
    private final Interned<Message> messages = new Interned<>();
    private final Interned<Worker> workers = new Interned<>();
    private final Interned<Disk> disks = new Interned<>();
    private final Map<Long, Change> obeyed = new HashMap<>();
    private final Map<World, Change> changes = new HashMap<>();
    private final Map<Integer, Integer> reports = new HashMap<>();
    private final Map<Integer, Integer> newest = new HashMap<>();
    private final Set<World> checked = new HashSet<>();
    final RunSide runs;
    private final PlacementSide placement;
    final WorkerSide side;
    private final Laws laws;

    /** While what is on its way is delivered once and forgotten: then a law about it says nothing. */
    boolean forgetsWords;

    Cluster(Scenario scenario, @Nullable Guard removed) {
        this.scenario = scenario;
        this.removed = removed;
        order = scenario.order();
        placement = new PlacementSide(order.runId());
        runs = new RunSide(messages, removed);
        side = new WorkerSide(order.spec(), removed);
        laws = Laws.of(scenario);
    }

    static int number(String workerId) {
        return workerId.charAt(1) - '0';
    }

    /** The run was ordered, and nobody has done anything. */
    World initial() {
        int run = runs.decide(runs.restarted(null).next(), new RunInput.Ordered(order))
                .next();
        int[] started = new int[scenario.workers()];
        for (int i = 0; i < started.length; i++) {
            started[i] = workers.id(Worker.started("w" + i, 1));
        }
        return new World(
                run,
                disks.id(Disk.EMPTY),
                (1 << scenario.workers()) - 1,
                Faults.of(scenario),
                -1,
                started,
                new long[0]);
    }

    boolean hasEnded(World world) {
        return runs.history(world.run).settled() != null;
    }

    long generation(World world) {
        return runs.history(world.run).generation();
    }

    Worker worker(World world, int number) {
        return workers.value(world.worker(number));
    }

    Disk disk(World world) {
        return disks.value(world.disk);
    }

    List<Worker> all(World world) {
        List<Worker> all = new ArrayList<>();
        for (int i = 0; i < world.workers(); i++) {
            all.add(worker(world, i));
        }
        return all;
    }

    Message message(int number) {
        return messages.value(number);
    }

    /** After a message has arrived; the same world if that changes nothing. */
    World delivered(World world, int number) {
        Message message = messages.value(number);
        if (message instanceof Message.ToWorker to) {
            Worker worker = worker(world, to.worker());
            if (worker.duty().incarnation() != to.incarnation() && removed != Guard.MEMBER_INCARNATION) {
                return world;
            }
            // Unlike what threads do, this depends on the worker and the disk alone.
            long key = ((long) world.worker(to.worker()) << 20 | world.disk) << 20 | number;
            Change known = obeyed.get(key);
            if (known == null) {
                known = change(world, to.worker(), side.obey(worker, disk(world), to.command()));
                obeyed.put(key, known);
            }
            return changed(world, to.worker(), known);
        }
        if (Unguarded.ignores(removed, runs.history(world.run), reported(number).report())) {
            return world;
        }
        if (removed == Guard.NO_MEMORY_IN_DOUBT) {
            return told(world, Unguarded.undoubting(reported(number)));
        }
        if (removed == Guard.REPORT_GENERATION) {
            return told(world, Unguarded.received(runs.history(world.run), reported(number)));
        }
        int input = reports.computeIfAbsent(number, n -> runs.number(reported(n)));
        return after(world, runs.decide(world.run, input));
    }

    private RunInput.Reported reported(int number) {
        Message.ToRun from = (Message.ToRun) messages.value(number);
        return new RunInput.Reported("w" + from.worker(), from.incarnation(), from.report());
    }

    /** After an operator has wanted something new. */
    World operated(World world, OperatorWish.Action action) {
        OperatedRun known = runs.history(world.run).operated();
        long number = known == null ? 1 : known.heeded().number() + 1;
        return told(world, new RunInput.Operated(new OperatorWish(number, action, "an operator")));
    }

    /** After the run has heard something. */
    World told(World world, RunInput input) {
        return after(world, runs.decide(world.run, input));
    }

    private World after(World world, RunSide.Turn turn) {
        World next = turn.next() == world.run ? world : world.withRun(turn.next());
        next = next.withSent(turn.sent());
        if (turn.needChanged() && world.late >= 0) {
            next = next.withLate(placement.outdated(world.late));
        }
        for (RunEvent event : turn.events()) {
            if (event instanceof RunEvent.GenerationStarted) {
                laws.ofStart(runs.history(next.run), all(next));
            }
        }
        return next.equals(world) ? world : lawful(next);
    }

    /** After an event at one worker. */
    World after(World world, int number, WorkerSide.@Nullable Turn turn) {
        return changed(world, number, change(world, number, turn));
    }

    /** The same, found out once for these workers and this disk; {@code event}: which, as a number. */
    private World changed(World world, int event, int number, Supplier<WorkerSide.@Nullable Turn> turn) {
        World key = world.around(event, world.disk, number);
        Change known = changes.get(key);
        if (known == null) {
            known = change(world, number, turn.get());
            changes.put(key, known);
        }
        return changed(world, number, known);
    }

    private Change change(World world, int number, WorkerSide.@Nullable Turn turn) {
        if (turn == null) {
            return Change.NONE;
        }
        long incarnation = worker(world, number).duty().incarnation();
        List<Integer> sent = turn.reports().stream()
                .map(report -> messages.id(new Message.ToRun(number, incarnation, report)))
                .toList();
        return new Change(workers.id(turn.worker()), disks.id(turn.disk()), sent);
    }

    private World changed(World world, int number, Change change) {
        if (change.equals(Change.NONE)) {
            return world;
        }
        if (change.disk() != world.disk) {
            Laws.ofDisk(runs.history(world.run), disk(world), disks.value(change.disk()));
        }
        World next = world.withWorker(number, change.worker())
                .withDisk(change.disk())
                .withSent(change.sent());
        return next.equals(world) ? world : lawful(next);
    }

    private World lawful(World world) {
        if (checked.add(world.around(world.run, 0, 0))) {
            laws.ofWorld(runs.history(world.run), all(world));
        }
        if (scenario.hasFlips() && !forgetsWords) {
            laws.ofCommits(runs.history(world.run), () -> doubts(world));
        }
        return world;
    }

    /** What was said of differing bits until now, heard or not. */
    private List<RunReport.StatesDiffer> doubts(World world) {
        return Arrays.stream(world.sent())
                .mapToObj(messages::value)
                .filter(Message.ToRun.class::isInstance)
                .map(message -> ((Message.ToRun) message).report())
                .filter(RunReport.StatesDiffer.class::isInstance)
                .map(RunReport.StatesDiffer.class::cast)
                .toList();
    }

    /** Of a world in which nothing is on its way any more. */
    void ended(World world) {
        laws.ofEnd(runs.history(world.run));
    }

    /** A worker makes the next thing that its threads can; the same world if there is none. */
    World advanced(World world, int number) {
        return changed(world, -1, number, () -> {
            Worker worker = worker(world, number);
            return switch (worker.activity()) {
                case CONNECTS -> side.take(worker, disk(world), all(world), false);
                case FOLLOWS -> side.follow(worker, disk(world), all(world), false);
                default -> side.step(worker, disk(world), all(world));
            };
        });
    }

    World written(World world, int number) {
        return changed(world, -2, number, () -> side.write(worker(world, number), disk(world)));
    }

    /** A worker notices that a peer has gone; {@code inTransfer}: while its own state was overwritten. */
    World severed(World world, int number, boolean inTransfer) {
        return changed(
                world,
                inTransfer ? -4 : -3,
                number,
                () -> side.noticed(worker(world, number), disk(world), all(world), inTransfer));
    }

    /** The connection of a worker to a peer breaks. */
    World broken(World world, int number) {
        return changed(world, -5, number, () -> side.broken(worker(world, number), disk(world)));
    }

    World crashed(World world, int number) {
        Worker worker = worker(world, number);
        return lawful(world.withWorker(
                number,
                workers.id(
                        Worker.started(worker.duty().workerId(), worker.duty().incarnation() + 1))));
    }

    World restarted(World world) {
        World next = world.late < 0 ? world : world.withLate(placement.outdated(world.late));
        return after(next, runs.restarted(runs.history(world.run)));
    }

    World damaged(World world, CheckpointRef reference) {
        return world.withDisk(disks.id(disk(world).damaged(reference)));
    }

    /** All that is on disk is damaged. */
    World damaged(World world) {
        World next = world;
        for (Disk.Entry entry : disk(world).entries()) {
            next = damaged(next, entry.reference());
        }
        return next;
    }

    /** A member takes a state that is not what was sent. */
    World garbled(World world, int number) {
        Worker worker = worker(world, number);
        return after(
                world,
                number,
                worker.activity() == Worker.Activity.FOLLOWS
                        ? side.follow(worker, disk(world), all(world), true)
                        : side.take(worker, disk(world), all(world), true));
    }

    /** Placement asks for one of several workers back, and gives it to another run; it may come back later. */
    World askedBack(World world, int number) {
        Staffing plain = placement.staffing(lastWord(world));
        String workerId = "w" + number;
        if (plain.group().size() < 2 || plain.seat(workerId).isEmpty()) {
            return world;
        }
        Staffing asking = Unguarded.asking(removed, PlacementSide.askingFor(workerId, plain), plain);
        RunSide.Turn turn = runs.decide(world.run, new RunInput.Staffed(asking));
        for (RunEvent event : turn.events()) {
            Broken.unless(
                    !(event instanceof RunEvent.GenerationBegun begun)
                            || begun.members().stream()
                                    .noneMatch(member -> member.workerId().equals(workerId)),
                    "8: a generation begins with a worker that was asked back",
                    event);
        }
        World next = after(world, turn).withPresent(world.present & ~(1 << number));
        return next.late < 0 ? next : next.withLate(placement.overtaken(next.late));
    }

    /** Placement says who works for the run, and where they stand. */
    World staffed(World world) {
        RunSide.Turn turn = removed == Guard.CAUGHT_UP
                ? runs.decide(
                        world.run,
                        new RunInput.Staffed(
                                Unguarded.caughtUp(runs.history(world.run), placement.staffing(lastWord(world)))))
                : runs.decide(world.run, newest(world));
        Laws.ofJoining(runs.states.value(world.run), turn.events(), all(world));
        World next = after(world, turn);
        return next.late < 0 ? next : next.withLate(placement.overtaken(next.late));
    }

    private int newest(World world) {
        return newest.computeIfAbsent(
                lastWord(world), word -> runs.number(new RunInput.Staffed(placement.staffing(word))));
    }

    private int lastWord(World world) {
        return placement.last(
                world,
                runs.states.value(world.run).lastNeed(),
                () -> IntStream.range(0, world.workers())
                        .filter(i -> (world.present & 1 << i) != 0)
                        .mapToObj(i -> worker(world, i))
                        .toList());
    }

    /** What the run decides about placement's word is sent, and the coordinator dies before it is persisted. */
    World unpersisted(World world) {
        return restarted(world.withSent(runs.decide(world.run, newest(world)).sent()));
    }

    /** What placement says now is not heard yet. */
    World heldBack(World world) {
        return world.withLate(lastWord(world));
    }

    /** What was held back is heard. Unless it is still the last word, it must not count. */
    World heardLate(World world) {
        Staffing late = placement.staffing(world.late);
        RunSide.Turn turn = runs.decide(world.run, new RunInput.Staffed(Unguarded.received(removed, late)));
        boolean old = late.number() < 0 || late.needNumber() < 0;
        for (RunEvent event : turn.events()) {
            Broken.unless(
                    !old || !(event instanceof RunEvent.GenerationBegun),
                    "8: a generation begins with the workers of an old staffing",
                    event);
        }
        return after(world, turn).withLate(-1);
    }
}
