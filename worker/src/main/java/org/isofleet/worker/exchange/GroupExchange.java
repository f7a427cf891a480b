package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.StepMessage.Part;
import org.jspecify.annotations.Nullable;

/**
 * The all-reduce between members. First everyone sends everyone, for each span it has summed, the piece that lies in the receiver's
 * slice, with the hash of the state that it was computed from; who sees another hash than its own refuses to add. Then everyone finishes
 * the tree on its slice and sends the sum to all. Messages keep their buffers from step to step.
 */
public final class GroupExchange implements Exchange {
    private final PeerGroup group;
    private final SumOrder order;
    private final Slices slices;
    private final FlatVector reduced;
    private final BlockSquares squares;
    private final List<Channel> channels = new ArrayList<>();

    /** Contributions to the own slice, by member: of each span in turn. */
    private final List<List<TileSum.Slice>> pieces = new ArrayList<>();

    private final List<List<ShardSpan>> spans = new ArrayList<>();
    private final double[][] losses;
    private final Finish byTree;

    /**
     * An exchange over connections that it closes with itself.
     *
     * @param vectors that hold this member's spans at every step
     */
    public GroupExchange(PeerGroup group, SumOrder order, List<FlatVector> vectors)
            throws PeerLostException, InterruptedException {
        this.group = group;
        this.order = order;
        int members = group.plan().members().size();
        long length = vectors.get(0).length();
        this.slices = new Slices(length, members);
        this.reduced = FlatVector.zeros(length);
        this.squares = new BlockSquares(length);
        this.losses = new double[members][];
        for (int m = 0; m < members; m++) {
            spans.add(order.cover(group.plan().firstShard(m), group.plan().endShard(m)));
            losses[m] = new double[spans.get(m).size()];
        }
        Map<Peer, SharedMemory> shared = MemoryOffers.settle(group, this::sharedBytes);
        for (int m = 0; m < members; m++) {
            if (m == group.me()) {
                pieces.add(vectors.stream().map(v -> new TileSum.Slice(v, 0)).toList());
            } else {
                Channel channel = new Channel(group.peer(m), vectors, shared.get(group.peer(m)));
                channels.add(channel);
                pieces.add(channel.pieces);
            }
        }
        this.byTree = new Finish(IntStream.range(0, members).boxed().toList());
    }

    /** Of memory shared with a member: the contributions of both to each other's slice, and both slices. */
    private long sharedBytes(Peer peer) {
        long mine = slices.end(group.me()) - slices.start(group.me());
        long theirs = slices.end(peer.member()) - slices.start(peer.member());
        return Float.BYTES
                * ((spans.get(group.me()).size() + 1) * theirs
                        + (spans.get(peer.member()).size() + 1) * mine);
    }

    @Override
    public Reduction reduce(Contribution own) throws PeerLostException, StateMismatchException, InterruptedException {
        for (Channel channel : channels) {
            channel.contribute(own);
        }
        group.complete();
        long ledger = own.ledger();
        for (Channel channel : channels) {
            channel.check(own);
            ledger += channel.peer.received().value();
            channel.readContribution();
        }
        System.arraycopy(own.losses(), 0, losses[group.me()], 0, own.losses().length);

        double loss = (order == SumOrder.TREE ? byTree : new Finish(arrivalOrder())).sum();
        for (Channel channel : channels) {
            channel.passOn(own);
        }
        group.complete();
        for (Channel channel : channels) {
            channel.readSum();
        }
        return new Reduction(reduced, squares.norm(), loss, ledger);
    }

    /** Own contribution first, then the others as they came: what one would do who did not care about the order. */
    private List<Integer> arrivalOrder() {
        List<Integer> arrived = new ArrayList<>();
        arrived.add(group.me());
        group.arrivals().forEach(peer -> arrived.add(peer.member()));
        return arrived;
    }

    @Override
    public void close() {
        group.close();
        channels.forEach(Channel::free);
        reduced.free();
    }

    /** The additions that finish the own slice, with the contributions of the members in some order. */
    private final class Finish {
        private final List<Integer> members;
        private final List<TileSum.Slice> vectors = new ArrayList<>();
        private final SumPlan plan;
        private final TileSum tiles;
        private final double[] lossSums;

        Finish(List<Integer> members) {
            this.members = members;
            List<ShardSpan> inputs = new ArrayList<>();
            for (int member : members) {
                inputs.addAll(spans.get(member));
                vectors.addAll(pieces.get(member));
            }
            this.plan = order.plan(inputs);
            if (plan.remaining().size() != 1) {
                throw new IllegalStateException("the members' shards leave " + plan.spans());
            }
            this.tiles = new TileSum(plan, inputs.size());
            this.lossSums = new double[inputs.size()];
        }

        /** Sums the slice; returns the loss, which every member sums in the same order. */
        double sum() {
            tiles.sumInto(vectors, slices.start(group.me()), slices.end(group.me()), reduced, squares);
            int at = 0;
            for (int member : members) {
                System.arraycopy(losses[member], 0, lossSums, at, losses[member].length);
                at += losses[member].length;
            }
            plan.apply(lossSums);
            return lossSums[plan.remaining().get(0).input()];
        }
    }

    /** The messages to and from one member: contributions to each other's slice, then the slices of the sum. */
    private final class Channel {
        final Peer peer;

        /** Their contributions to the own slice, by span. */
        final List<TileSum.Slice> pieces = new ArrayList<>();

        private final StepMessage contributionOut;
        private final StepMessage contributionIn;
        private final StepMessage sumOut;
        private final StepMessage sumIn;
        private final ByteBuffer[] contributionOutBytes;
        private final ByteBuffer[] contributionInBytes;
        private final ByteBuffer[] sumOutBytes;
        private final ByteBuffer[] sumInBytes;

        /**
         * In shared memory lie the contribution of the first of both members and that of the second, then their slices. No part is
         * written again before it was read: a contribution follows the other's sum, which took in the one before, and a sum follows the
         * other's next contribution.
         */
        Channel(Peer peer, List<FlatVector> own, @Nullable SharedMemory shared) {
            this.peer = peer;
            Part mine = new Part(reduced, slices.start(group.me()), slices.end(group.me()));
            Part theirs = new Part(reduced, slices.start(peer.member()), slices.end(peer.member()));
            int theirSpans = spans.get(peer.member()).size();
            List<Part> contributed = own.stream()
                    .map(v -> new Part(v, theirs.from(), theirs.to()))
                    .toList();
            boolean first = group.me() < peer.member();
            long out = own.size() * theirs.count();
            long in = theirSpans * mine.count();
            FlatVector contributions;
            if (shared == null) {
                contributions = FlatVector.zeros(Math.max(1, in));
                contributionOut = new StepMessage(own.size(), contributed, null);
                contributionIn = new StepMessage(theirSpans, List.of(new Part(contributions, 0, in)), null);
                sumOut = new StepMessage(slices.blocks(group.me()), List.of(mine), null);
                sumIn = new StepMessage(slices.blocks(peer.member()), List.of(theirs), null);
            } else {
                contributions = shared.floats(first ? out : 0, in); // added from where they lie
                contributionOut = new StepMessage(own.size(), contributed, shared.floats(first ? 0 : in, out));
                contributionIn = new StepMessage(theirSpans, List.of(), contributions);
                long sums = out + in;
                FlatVector sumOfFirst = shared.floats(sums, first ? mine.count() : theirs.count());
                FlatVector sumOfSecond =
                        shared.floats(sums + sumOfFirst.length(), first ? theirs.count() : mine.count());
                sumOut = new StepMessage(slices.blocks(group.me()), List.of(mine), first ? sumOfFirst : sumOfSecond);
                sumIn = new StepMessage(
                        slices.blocks(peer.member()), List.of(theirs), first ? sumOfSecond : sumOfFirst);
            }
            for (int i = 0; i < theirSpans; i++) {
                pieces.add(new TileSum.Slice(contributions, i * mine.count() - mine.from()));
            }
            contributionOutBytes = peer.outgoing(contributionOut.payload());
            contributionInBytes = peer.incoming(contributionIn.payload());
            sumOutBytes = peer.outgoing(sumOut.payload());
            sumInBytes = peer.incoming(sumIn.payload());
        }

        void contribute(Contribution own) {
            for (int i = 0; i < own.losses().length; i++) {
                contributionOut.set(i, own.losses()[i]);
            }
            contributionOut.store();
            start(Frame.Kind.CONTRIBUTION, own, contributionOutBytes, contributionInBytes);
        }

        void readContribution() {
            contributionIn.load();
            double[] target = losses[peer.member()];
            for (int i = 0; i < target.length; i++) {
                target[i] = contributionIn.get(i);
            }
        }

        void passOn(Contribution own) {
            for (int i = 0; i < slices.blocks(group.me()); i++) {
                sumOut.set(i, squares.get(slices.firstBlock(group.me()) + i));
            }
            sumOut.store();
            start(Frame.Kind.SUM, own, sumOutBytes, sumInBytes);
        }

        void readSum() {
            sumIn.load();
            for (int i = 0; i < slices.blocks(peer.member()); i++) {
                squares.set(slices.firstBlock(peer.member()) + i, sumIn.get(i));
            }
        }

        private void start(Frame.Kind kind, Contribution own, ByteBuffer[] out, ByteBuffer[] in) {
            group.send(peer, kind, out, own.step()).stateHash(own.stateHash()).value(own.ledger());
            group.expect(peer, kind, in, own.step());
        }

        void check(Contribution own) throws StateMismatchException {
            if (peer.received().stateHash() != own.stateHash()) {
                boolean meFirst = group.me() < peer.member();
                String mine = state(group.plan().members().get(group.me()).workerId(), own.stateHash());
                String theirs = state(peer.workerId(), peer.received().stateHash());
                throw new StateMismatchException("before step %d %s and %s; one of them computed wrongly"
                        .formatted(own.step(), meFirst ? mine : theirs, meFirst ? theirs : mine));
            }
        }

        private String state(String workerId, long hash) {
            return "the state of %s has hash %016x".formatted(workerId, hash);
        }

        void free() {
            pieces.get(0).vector().free();
        }
    }
}
