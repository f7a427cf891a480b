package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
    private final int shift;

    /** An exchange in which every member holds its own shards and its own slice. */
    public GroupExchange(PeerGroup group, SumOrder order, List<FlatVector> vectors, ExchangedVectors memory)
            throws PeerLostException, InterruptedException {
        this(group, order, vectors, memory, 0);
    }

    /**
     * An exchange over connections that it closes with itself.
     *
     * @param shift how many members further the shards and the slice lie that a member takes over; the sums are the same
     * @param vectors that hold this member's spans at every step
     * @param memory that they are from
     */
    public GroupExchange(PeerGroup group, SumOrder order, List<FlatVector> vectors, ExchangedVectors memory, int shift)
            throws PeerLostException, InterruptedException {
        this.group = group;
        this.order = order;
        this.shift = shift;
        int members = group.plan().members().size();
        long length = vectors.get(0).length();
        this.slices = new Slices(length, members);
        this.reduced = memory.zeros(length);
        this.squares = new BlockSquares(length);
        this.losses = new double[members][];
        for (int m = 0; m < members; m++) {
            spans.add(
                    order.cover(group.plan().firstShard(place(m)), group.plan().endShard(place(m))));
            losses[m] = new double[spans.get(m).size()];
        }
        List<FlatVector> read = new ArrayList<>(vectors);
        read.add(reduced);
        ExchangedVectors.Shared shared =
                memory.share(read, spans.stream().mapToInt(s -> s.size() + 1).toArray());
        for (int m = 0; m < members; m++) {
            if (m == group.me()) {
                pieces.add(vectors.stream().map(v -> new TileSum.Slice(v, 0)).toList());
            } else {
                Channel channel = new Channel(group.peer(m), vectors, shared);
                channels.add(channel);
                pieces.add(channel.pieces);
            }
        }
        this.byTree = new Finish(IntStream.range(0, members)
                .boxed()
                .sorted(Comparator.comparing(this::place))
                .toList());
    }

    /** The member whose shards and slice a member takes. */
    private int place(int member) {
        return (member + shift) % group.plan().members().size();
    }

    @Override
    public Reduction reduce(Contribution own) throws PeerLostException, StateMismatchException, InterruptedException {
        for (Channel channel : channels) {
            channel.contribute(own);
        }
        group.complete();
        checkStates(own);
        long ledger = own.ledger();
        for (Channel channel : channels) {
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

    private void checkStates(Contribution own) throws StateMismatchException {
        for (Channel channel : channels) {
            if (channel.peer.received().stateHash() != own.stateHash()) {
                long[] hashes = new long[channels.size() + 1];
                hashes[group.me()] = own.stateHash();
                channels.forEach(
                        c -> hashes[c.peer.member()] = c.peer.received().stateHash());
                StateVote.check(group.plan().members(), own.step() - 1, hashes);
            }
        }
    }

    @Override
    public void agree(long step, long stateHash)
            throws PeerLostException, StateMismatchException, InterruptedException {
        long[][] hashes = new AllGather(group, 1).gather(step, new long[] {stateHash});
        StateVote.check(
                group.plan().members(),
                step,
                Arrays.stream(hashes).mapToLong(row -> row[0]).toArray());
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
            tiles.sumInto(vectors, slices.start(place(group.me())), slices.end(place(group.me())), reduced, squares);
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

        /** Their slice of the sum where they left it; null if it comes through the connection. */
        private final @Nullable FlatVector theirSum;

        /**
         * Nothing in shared memory is written again before it was read: a member's next gradients follow the other's sum, which took in
         * its last ones, and its next sum follows the other's next contribution.
         */
        Channel(Peer peer, List<FlatVector> own, ExchangedVectors.Shared shared) {
            this.peer = peer;
            long start = slices.start(place(group.me()));
            long end = slices.end(place(group.me()));
            long theirStart = slices.start(place(peer.member()));
            long theirEnd = slices.end(place(peer.member()));
            int theirSpans = spans.get(peer.member()).size();
            List<Part> contributed = new ArrayList<>();
            List<Part> contributions = new ArrayList<>();
            List<Part> sumForThem = new ArrayList<>();
            List<Part> sumOfThem = new ArrayList<>();
            if (!shared.readers().contains(peer)) {
                own.forEach(vector -> contributed.add(new Part(vector, theirStart, theirEnd)));
                sumForThem.add(new Part(reduced, start, end));
            }
            List<FlatVector> theirs = shared.theirs().get(peer);
            if (theirs == null) {
                theirSum = null;
                sumOfThem.add(new Part(reduced, theirStart, theirEnd));
                for (int i = 0; i < theirSpans; i++) {
                    FlatVector piece = FlatVector.zeros(Math.max(1, end - start));
                    contributions.add(new Part(piece, 0, end - start));
                    pieces.add(new TileSum.Slice(piece, -start));
                }
            } else {
                theirSum = theirs.get(theirSpans);
                theirs.subList(0, theirSpans).forEach(vector -> pieces.add(new TileSum.Slice(vector, 0)));
            }
            contributionOut = new StepMessage(own.size(), contributed);
            contributionIn = new StepMessage(theirSpans, contributions);
            sumOut = new StepMessage(slices.blocks(place(group.me())), sumForThem);
            sumIn = new StepMessage(slices.blocks(place(peer.member())), sumOfThem);
            contributionOutBytes = peer.outgoing(contributionOut.payload());
            contributionInBytes = peer.incoming(contributionIn.payload());
            sumOutBytes = peer.outgoing(sumOut.payload());
            sumInBytes = peer.incoming(sumIn.payload());
        }

        void contribute(Contribution own) {
            for (int i = 0; i < own.losses().length; i++) {
                contributionOut.set(i, own.losses()[i]);
            }
            start(Frame.Kind.CONTRIBUTION, own, contributionOutBytes, contributionInBytes);
        }

        void readContribution() {
            double[] target = losses[peer.member()];
            for (int i = 0; i < target.length; i++) {
                target[i] = contributionIn.get(i);
            }
        }

        void passOn(Contribution own) {
            for (int i = 0; i < slices.blocks(place(group.me())); i++) {
                sumOut.set(i, squares.get(slices.firstBlock(place(group.me())) + i));
            }
            start(Frame.Kind.SUM, own, sumOutBytes, sumInBytes);
        }

        void readSum() {
            if (theirSum != null) {
                long start = slices.start(place(peer.member()));
                reduced.copy(start, theirSum, start, slices.end(place(peer.member())) - start);
            }
            for (int i = 0; i < slices.blocks(place(peer.member())); i++) {
                squares.set(slices.firstBlock(place(peer.member())) + i, sumIn.get(i));
            }
        }

        private void start(Frame.Kind kind, Contribution own, ByteBuffer[] out, ByteBuffer[] in) {
            group.send(peer, kind, out, own.step()).stateHash(own.stateHash()).value(own.ledger());
            group.expect(peer, kind, in, own.step());
        }

        void free() {
            pieces.forEach(p -> p.vector().free());
        }
    }
}
