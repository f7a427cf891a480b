package org.isofleet.worker.exchange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;

/**
 * The connections of one member to all others, for one generation. The compute thread itself moves the bytes, all connections at
 * once and without waiting for any one: no thread is woken to hand a message over, members that write to each other at the same time
 * cannot block each other, and what a slow member has not read waits in its sender.
 */
public final class PeerGroup implements AutoCloseable {
    /** How long all peers may stay silent while something is due; who is dead is noticed long before, by its connection. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    /** How long bytes are looked for before the thread sleeps: a wake-up takes about as long as a small model's exchange. */
    private static final long LOOK_NANOS = 300_000;

    private static final Duration CONNECT = Duration.ofSeconds(30);

    /** In place of its index, of a worker that follows. */
    private static final int NO_MEMBER = -1;

    private final GroupPlan plan;
    private final int me;
    private final StopSignal stop;
    private final Selector selector;
    private final List<Peer> peers = new ArrayList<>();
    private final List<Peer> arrivals = new ArrayList<>();

    private PeerGroup(GroupPlan plan, int me, StopSignal stop) throws IOException {
        this.plan = plan;
        this.me = me;
        this.stop = stop;
        this.selector = Selector.open();
    }

    /**
     * Connects to all other members: dials those after this one, accepts those before.
     *
     * @param me index of this member
     * @param server of this worker, which has entered the generation
     * @throws PeerLostException when one cannot be reached
     */
    public static PeerGroup connect(GroupPlan plan, int me, BulkServer server, StopSignal stop)
            throws IOException, PeerLostException, InterruptedException {
        PeerGroup group = new PeerGroup(plan, me, stop);
        try {
            for (int i = plan.members().size() - 1; i >= 0; i--) {
                if (i != me) {
                    Member member = plan.members().get(i);
                    Link link = i > me ? server.dial(plan, me, i) : server.accepted(plan, i, CONNECT, stop);
                    group.peers.add(0, new Peer(i, member.workerId(), link, group.selector));
                }
            }
            stop.onRequest(group.selector::wakeup);
            return group;
        } catch (IOException | PeerLostException | InterruptedException | RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /**
     * Connects a worker that is in no group to the member of one whose state it follows.
     *
     * @param server of this worker
     * @param source index of the member
     * @throws PeerLostException when it cannot be reached
     */
    static PeerGroup toSource(GroupPlan plan, int source, BulkServer server, StopSignal stop)
            throws IOException, PeerLostException {
        return pair(plan, NO_MEMBER, source, plan.members().get(source).workerId(), server.dial(plan, source), stop);
    }

    /** The same connection at its other end. */
    static PeerGroup toFollower(GroupPlan plan, int me, String follower, Link link, StopSignal stop)
            throws IOException {
        return pair(plan, me, NO_MEMBER, follower, link, stop);
    }

    private static PeerGroup pair(GroupPlan plan, int me, int other, String workerId, Link link, StopSignal stop)
            throws IOException {
        PeerGroup pair;
        try {
            pair = new PeerGroup(plan, me, stop);
        } catch (IOException e) {
            Lobby.close(link);
            throw e;
        }
        try {
            pair.peers.add(new Peer(other, workerId, link, pair.selector));
            stop.onRequest(pair.selector::wakeup);
            return pair;
        } catch (IOException | RuntimeException e) {
            Lobby.close(link);
            pair.close();
            throw e;
        }
    }

    GroupPlan plan() {
        return plan;
    }

    int me() {
        return me;
    }

    /** All others, in the order of members. */
    List<Peer> peers() {
        return peers;
    }

    /** The connection to a member other than this one. */
    Peer peer(int member) {
        return peers.get(member < me ? member : member - 1);
    }

    /** Whose message came in the last {@link #complete}, in that order. */
    List<Peer> arrivals() {
        return arrivals;
    }

    /** The run as a number, for frames. */
    long runId() {
        return Long.parseUnsignedLong(plan.spec().id().value(), 16);
    }

    /** Starts a message; its head is returned, to be completed before {@link #complete}. */
    Frame send(Peer peer, Frame.Kind kind, ByteBuffer[] message, long step) {
        VarHandle.releaseFence(); // what lies in shared memory is there before it is told
        peer.send(message);
        return head(peer.sent(), kind, me, message, step);
    }

    /** Starts to wait for a message. */
    void expect(Peer peer, Frame.Kind kind, ByteBuffer[] message, long step) {
        peer.receive(message);
        head(peer.expected(), kind, peer.member(), message, step);
    }

    private Frame head(Frame frame, Frame.Kind kind, int sender, ByteBuffer[] message, long step) {
        return frame.set(kind, sender, Peer.payloadBytes(message), runId(), plan.generation(), step);
    }

    /** Moves bytes until every message that was started has been sent and received. */
    void complete() throws PeerLostException, InterruptedException {
        long lastMove = System.nanoTime();
        arrivals.clear();
        while (true) {
            stop.check();
            boolean busy = false;
            boolean moved = false;
            for (Peer peer : peers) {
                if (peer.sending() || peer.receiving()) {
                    boolean due = peer.receiving();
                    moved |= peer.move();
                    if (due && !peer.receiving()) {
                        arrivals.add(peer);
                    }
                    busy |= peer.sending() || peer.receiving();
                }
            }
            if (!busy) {
                VarHandle.acquireFence();
                return;
            }
            long now = System.nanoTime();
            if (moved) {
                lastMove = now;
            } else if (now - lastMove < LOOK_NANOS) {
                Thread.onSpinWait();
            } else {
                await(lastMove);
            }
        }
    }

    private void await(long lastMove) throws PeerLostException {
        peers.forEach(Peer::await);
        try {
            selector.select(key -> {}, 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (System.nanoTime() - lastMove > SILENCE.toNanos()) {
            Peer silent = peers.stream()
                    .filter(p -> p.receiving() || p.sending())
                    .findFirst()
                    .orElseThrow();
            throw new PeerLostException(silent.workerId(), "silent for " + SILENCE.toMinutes() + " minutes");
        }
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
