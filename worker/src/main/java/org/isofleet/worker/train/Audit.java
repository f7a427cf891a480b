package org.isofleet.worker.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.AllGather;
import org.isofleet.worker.exchange.Exchange;
import org.isofleet.worker.exchange.PeerGroup;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.Slices;
import org.isofleet.worker.exchange.StateMismatchException;
import org.jspecify.annotations.Nullable;

/**
 * Has some steps computed twice, and compares before the optimizer uses them. In the second pass every member takes the shards and the
 * slice of the next one, so nothing is computed by the same member again, and the bits must be equal. If they are not, a third pass, by the
 * members after those, tells who is the odd one. Of two members each computes everything once more, and who comes to other bits than it did itself
 * is named: that finds a machine that computes wrongly now and then, and not one that always does so in the same way. Nor does a member by
 * itself, which computes again itself. Parameters and moments are hashed again too, for a bit may have changed since the step before.
 *
 * <p>Whole steps are chosen, rather than single shards: a step waits for its slowest member, so a step in which one member computes a
 * shard twice takes no less time. Which steps is a function of seed and step, the same for all members and all attempts.
 */
final class Audit implements AutoCloseable {
    /** "AUDIT", the purpose in the key of the random numbers. */
    private static final long PURPOSE = 0x41_5544_4954L;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Pass.Ground ground;
    private final GroupPlan plan;
    private final int me;
    private final ShardGradients first;
    private final Pass second;
    private final Slices slices;

    private Audit(Pass.Ground ground, ShardGradients first, Pass second) {
        this.ground = ground;
        this.plan = ground.assignment().plan();
        this.me = ground.assignment().member();
        this.first = first;
        this.second = second;
        this.slices = new Slices(
                ground.state().engine().layout().length(), plan.members().size());
    }

    /** The audit of a generation; null when its plan asks for none. */
    static @Nullable Audit of(Pass.Ground ground, Pass usual) throws PeerLostException, InterruptedException {
        return ground.assignment().plan().audit() == 0 ? null : new Audit(ground, usual.gradients(), ground.pass(1));
    }

    /** Whether a step is computed twice. */
    static boolean selects(long seed, long step, double share) {
        long bits = StateHash.mix(StateHash.mix(seed ^ PURPOSE) + GOLDEN * step);
        return ((bits >>> 11) + 0.5) * 0x1.0p-53 < share;
    }

    /**
     * Compares the sum of a step, if the step is chosen.
     *
     * @param own what this member contributed to it
     * @throws StateMismatchException when it must not be used
     */
    void check(Exchange.Contribution own, Exchange.Reduction sum)
            throws PeerLostException, StateMismatchException, InterruptedException {
        long step = own.step();
        if (!selects(plan.spec().seed(), step, plan.audit())) {
            return;
        }
        long[] usual = hashes(first, own, sum, 0);
        Exchange.Contribution again = second.gradients().compute(step, own.stateHash());
        long[] audited = hashes(second.gradients(), again, second.exchange().reduce(again), 1);
        long memory = ground.state().hashOfMemory(ground.lanes());

        long[] mine = new long[2 * Verdict.COLUMNS + 1];
        System.arraycopy(usual, 0, mine, 0, Verdict.COLUMNS);
        System.arraycopy(audited, 0, mine, Verdict.COLUMNS, Verdict.COLUMNS);
        mine[2 * Verdict.COLUMNS] = memory;
        long[][] all = gather(step, mine);
        checkMemory(own, all);
        List<long[][]> tables = new ArrayList<>(List.of(columns(all, 0), columns(all, Verdict.COLUMNS)));
        if (new Verdict(tables).isUnanimous()) {
            return;
        }
        if (plan.members().size() > 1) {
            computeFurther(own, tables);
        }
        int culprit = new Verdict(tables).culprit();
        throw new StateMismatchException(
                step,
                culprit < 0 ? null : name(culprit),
                "step %d was computed %d times and came to different bits; %s computed wrongly"
                        .formatted(step, tables.size(), culprit < 0 ? "one of " + names() : name(culprit)));
    }

    private void computeFurther(Exchange.Contribution own, List<long[][]> tables)
            throws PeerLostException, StateMismatchException, InterruptedException {
        try (Pass third = ground.pass(2)) { // takes the connections with it: the group ends here anyway
            tables.add(computed(third, own, 2));
            if (plan.members().size() == 2) {
                try (Pass fourth = ground.pass(3)) {
                    tables.add(computed(fourth, own, 3));
                }
            }
        }
    }

    private long[][] computed(Pass pass, Exchange.Contribution own, int shift)
            throws PeerLostException, StateMismatchException, InterruptedException {
        Exchange.Contribution again = pass.gradients().compute(own.step(), own.stateHash());
        return gather(
                own.step(), hashes(pass.gradients(), again, pass.exchange().reduce(again), shift));
    }

    /** A member whose state has another hash than at the end of the step before says so itself. */
    private void checkMemory(Exchange.Contribution own, long[][] all) throws StateMismatchException {
        int[] changed = IntStream.range(0, all.length)
                .filter(m -> all[m][2 * Verdict.COLUMNS] != own.stateHash())
                .toArray();
        if (changed.length > 0) {
            String who = Arrays.stream(changed).mapToObj(this::name).collect(Collectors.joining(", "));
            throw new StateMismatchException(
                    own.step() - 1,
                    changed.length == 1 ? who : null,
                    "in step %d the state of %s has another hash than after the step before; its memory changed"
                            .formatted(own.step(), who));
        }
    }

    private long[][] gather(long step, long[] mine) throws PeerLostException, InterruptedException {
        PeerGroup group = ground.group();
        return group == null ? new long[][] {mine} : new AllGather(group, mine.length).gather(step, mine);
    }

    private long[] hashes(
            ShardGradients gradients, Exchange.Contribution contributed, Exchange.Reduction sum, int shift) {
        StateHash hash = new StateHash();
        long contribution = StateHash.mix(contributed.ledger());
        for (FlatVector span : gradients.vectors()) {
            contribution = StateHash.mix(contribution + hash.of(span, 0, span.length()));
        }
        for (double loss : contributed.losses()) {
            contribution = StateHash.mix(contribution + Double.doubleToRawLongBits(loss));
        }
        FlatVector whole = sum.gradient();
        int place = (me + shift) % plan.members().size();
        long slice = hash.of(whole, slices.start(place), slices.end(place));
        long all = StateHash.mix(hash.of(whole, 0, whole.length()) + Double.doubleToRawLongBits(sum.loss()));
        all = StateHash.mix(all + Double.doubleToRawLongBits(sum.norm()));
        return new long[] {contribution, slice, StateHash.mix(all + sum.ledger())};
    }

    private static long[][] columns(long[][] table, int from) {
        return Arrays.stream(table)
                .map(row -> Arrays.copyOfRange(row, from, from + Verdict.COLUMNS))
                .toArray(long[][]::new);
    }

    private String name(int member) {
        return plan.members().get(member).workerId();
    }

    private String names() {
        return plan.members().stream().map(Member::workerId).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        second.close();
    }
}
