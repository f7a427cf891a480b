package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.isofleet.worker.engine.FlatVector;

/**
 * The all-reduce between members. First everyone sends everyone, for each span it has summed, the piece that lies in the receiver's
 * slice, with the hash of the state that it was computed from; who sees another hash than its own refuses to add. Then everyone finishes
 * the tree on its slice and sends the sum to all. Messages keep their buffers from step to step.
 */
public final class GroupExchange implements Exchange {
    /** Floats of one buffer of a message. */
    private static final int PIECE = 1 << 28;

    private final PeerGroup group;
    private final SumOrder order;
    private final Slices slices;
    private final FlatVector reduced;
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
    public GroupExchange(PeerGroup group, SumOrder order, List<FlatVector> vectors) {
        this.group = group;
        this.order = order;
        int members = group.plan().members().size();
        long length = vectors.get(0).length();
        this.slices = new Slices(length, members);
        this.reduced = FlatVector.zeros(length);
        this.losses = new double[members][];
        for (int m = 0; m < members; m++) {
            List<ShardSpan> cover =
                    order.cover(group.plan().firstShard(m), group.plan().endShard(m));
            spans.add(cover);
            losses[m] = new double[cover.size()];
            if (m == group.me()) {
                pieces.add(vectors.stream().map(v -> new TileSum.Slice(v, 0)).toList());
            } else {
                Channel channel = new Channel(group.peer(m), vectors, cover.size());
                channels.add(channel);
                pieces.add(channel.pieces);
            }
        }
        this.byTree = new Finish(IntStream.range(0, members).boxed().toList());
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
            channel.readLosses(losses[channel.peer.member()]);
        }
        System.arraycopy(own.losses(), 0, losses[group.me()], 0, own.losses().length);

        double loss = (order == SumOrder.TREE ? byTree : new Finish(arrivalOrder())).sum();
        for (Channel channel : channels) {
            channel.passOn(own);
        }
        group.complete();
        return new Reduction(reduced, loss, ledger);
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

    /** The memory of a part of a vector. */
    static List<ByteBuffer> bytes(FlatVector vector, long from, long to) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (long at = from; at < to; at += PIECE) {
            buffers.add(vector.bytes(at, (int) Math.min(PIECE, to - at)));
        }
        return buffers;
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
            tiles.sumInto(vectors, slices.start(group.me()), slices.end(group.me()), new TileSum.Slice(reduced, 0));
            int at = 0;
            for (int member : members) {
                System.arraycopy(losses[member], 0, lossSums, at, losses[member].length);
                at += losses[member].length;
            }
            plan.apply(lossSums);
            return lossSums[plan.remaining().get(0).input()];
        }
    }

    /** The messages to and from one member. */
    private final class Channel {
        final Peer peer;
        final List<TileSum.Slice> pieces = new ArrayList<>();
        private final ByteBuffer lossesOut;
        private final ByteBuffer lossesIn;
        private final ByteBuffer[] contributionOut;
        private final ByteBuffer[] contributionIn;
        private final ByteBuffer[] sumOut;
        private final ByteBuffer[] sumIn;

        Channel(Peer peer, List<FlatVector> own, int theirSpans) {
            this.peer = peer;
            lossesOut = doubles(own.size());
            lossesIn = doubles(theirSpans);
            long start = slices.start(group.me());
            long end = slices.end(group.me());
            List<ByteBuffer> out = new ArrayList<>(List.of(lossesOut));
            for (FlatVector vector : own) {
                out.addAll(bytes(vector, slices.start(peer.member()), slices.end(peer.member())));
            }
            List<ByteBuffer> in = new ArrayList<>(List.of(lossesIn));
            for (int i = 0; i < theirSpans; i++) {
                FlatVector piece = FlatVector.zeros(Math.max(1, end - start));
                pieces.add(new TileSum.Slice(piece, -start));
                in.addAll(bytes(piece, 0, end - start));
            }
            contributionOut = peer.outgoing(out);
            contributionIn = peer.incoming(in);
            sumOut = peer.outgoing(bytes(reduced, start, end));
            sumIn = peer.incoming(bytes(reduced, slices.start(peer.member()), slices.end(peer.member())));
        }

        private ByteBuffer doubles(int count) {
            return ByteBuffer.allocateDirect(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }

        void contribute(Contribution own) {
            for (int i = 0; i < own.losses().length; i++) {
                lossesOut.putDouble(i * Double.BYTES, own.losses()[i]);
            }
            start(Frame.Kind.CONTRIBUTION, own, contributionOut, contributionIn);
        }

        void passOn(Contribution own) {
            start(Frame.Kind.SUM, own, sumOut, sumIn);
        }

        private void start(Frame.Kind kind, Contribution own, ByteBuffer[] out, ByteBuffer[] in) {
            long run = group.runId();
            long generation = group.plan().generation();
            peer.send(out);
            peer.sent()
                    .set(kind, group.me(), Peer.payloadBytes(out), run, generation, own.step())
                    .stateHash(own.stateHash())
                    .value(own.ledger());
            peer.receive(in);
            peer.expected().set(kind, peer.member(), Peer.payloadBytes(in), run, generation, own.step());
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

        void readLosses(double[] target) {
            for (int i = 0; i < target.length; i++) {
                target[i] = lossesIn.getDouble(i * Double.BYTES);
            }
        }

        void free() {
            pieces.forEach(p -> p.vector().free());
        }
    }
}
