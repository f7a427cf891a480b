package org.isofleet.deploy.search;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.isofleet.coordinator.run.RunInput;
import org.isofleet.deploy.search.Worker.Activity;
import org.isofleet.deploy.search.Worker.Copy;
import org.isofleet.protocol.run.OperatorWish;

/** Everything that can happen next in a world. */
final class Moves {
    private final Cluster cluster;
    private final World world;
    private final BiConsumer<Object, World> to;

    private Moves(Cluster cluster, World world, BiConsumer<Object, World> to) {
        this.cluster = cluster;
        this.world = world;
        this.to = to;
    }

    /** @param to hears of each what happens (of a message its number) and the world after it, which may be the same */
    static void of(Cluster cluster, World world, BiConsumer<Object, World> to) {
        Moves moves = new Moves(cluster, world, to);
        for (int message : world.sent()) {
            to.accept(message, cluster.delivered(world, message));
        }
        if (cluster.hasEnded(world)) {
            return; // what comes late must change nothing; nobody needs what a straggler computes
        }
        to.accept("staffed", cluster.staffed(world));
        if (world.late >= 0) {
            to.accept("staffed late", cluster.heardLate(world));
        }
        for (int i = 0; i < world.workers(); i++) {
            moves.ofWorker(i);
            moves.faultsOfWorker(i);
        }
        moves.faults();
    }

    private void ofWorker(int i) {
        to.accept("advanced " + i, cluster.advanced(world, i));
        to.accept("written " + i, cluster.written(world, i));
        to.accept("noticed a lost peer " + i, cluster.severed(world, i, false));
        if (cluster.worker(world, i).activity() == Activity.CONNECTS) {
            to.accept("lost a peer in transfer " + i, cluster.severed(world, i, true));
        }
        if ((world.present & 1 << i) == 0) {
            to.accept("woke " + i, world.withPresent(world.present | 1 << i));
        }
    }

    private void faultsOfWorker(int i) {
        Worker worker = cluster.worker(world, i);
        Disk disk = cluster.disk(world);
        Copy copy = worker.copy();
        fault(Fault.CRASH, i, () -> cluster.crashed(world, i));
        if ((world.present & 1 << i) != 0) {
            fault(Fault.PRESUMED_DEAD, i, () -> world.withPresent(world.present & ~(1 << i)));
        }
        if ((world.present & 1 << i) != 0) {
            fault(Fault.ASKED_BACK, i, () -> cluster.askedBack(world, i));
        }
        fault(Fault.CONNECTION, i, () -> cluster.broken(world, i));
        if (copy != null && copy.due()) {
            fault(Fault.UNWRITTEN, i, () -> cluster.after(world, i, cluster.side.notWritten(worker, disk, copy)));
        }
        if (worker.activity() == Activity.LOOPS) {
            fault(Fault.DEFECT, i, () -> cluster.after(world, i, cluster.side.dropped(worker, disk, "a defect")));
        }
        cluster.side
                .flips(worker, cluster.all(world))
                .forEach((how, flipped) -> fault(
                        Fault.STATE_FLIP,
                        how,
                        i,
                        () -> cluster.after(world, i, new WorkerSide.Turn(flipped, disk, List.of()))));
        if (worker.activity() == Activity.LOOPS
                && !worker.garbled()
                && worker.plan().members().size() > 1) {
            fault(
                    Fault.GRADIENT_FLIP,
                    i,
                    () -> cluster.after(world, i, new WorkerSide.Turn(worker.garbling(), disk, List.of())));
        }
        if (worker.activity() == Activity.CONNECTS || worker.activity() == Activity.FOLLOWS) {
            fault(Fault.GARBLED_COPY, i, () -> cluster.garbled(world, i));
        }
    }

    private void faults() {
        fault(Fault.RESTART, -1, () -> cluster.restarted(world));
        if (cluster.removed == Guard.PERSISTED_FIRST) {
            fault(Fault.RESTART, -1, () -> cluster.unpersisted(world));
        }
        fault(Fault.PAUSE, -1, () -> cluster.operated(world, OperatorWish.Action.PAUSE));
        if (cluster.runs.history(world.run).isPaused()) {
            to.accept("resumed", cluster.operated(world, OperatorWish.Action.RESUME));
        }
        fault(Fault.DEADLINE, -1, () -> cluster.told(world, new RunInput.Woke()));
        fault(Fault.DAMAGE_ALL, -1, () -> cluster.damaged(world));
        for (Disk.Entry entry : cluster.disk(world).entries()) {
            if (!entry.damaged()) {
                fault(Fault.DAMAGE, -1, () -> cluster.damaged(world, entry.reference()));
            }
        }
        if (world.late < 0) {
            fault(Fault.LATE_STAFFING, -1, () -> cluster.heldBack(world));
        }
    }

    private void fault(Fault fault, int worker, Supplier<World> happens) {
        fault(fault, "", worker, happens);
    }

    private void fault(Fault fault, String how, int worker, Supplier<World> happens) {
        if (Faults.has(world.faults, fault)) {
            World next = happens.get();
            if (!next.equals(world)) {
                to.accept(
                        fault + (worker < 0 ? "" : " " + worker) + (how.isEmpty() ? "" : ", " + how),
                        next.withFaults(Faults.without(world.faults, fault)));
            }
        }
    }
}
