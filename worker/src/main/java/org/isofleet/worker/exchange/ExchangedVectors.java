package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * The vectors that a member exchanges: the sums of its spans, and its slice of the whole. Members on one machine read them where
 * they lie, in {@link SharedMemory}; where that cannot be had, and between machines, they go through the connections.
 */
public final class ExchangedVectors implements AutoCloseable {
    private static final SecureRandom TOKENS = new SecureRandom();

    private final @Nullable PeerGroup group;
    private final boolean near;

    /** Of those in shared memory. */
    private final Map<FlatVector, Long> tokens = new HashMap<>();

    /** @param group whose members may read the vectors; null for a member by itself */
    public ExchangedVectors(@Nullable PeerGroup group) {
        this.group = group;
        this.near = group != null && group.peers().stream().anyMatch(Peer::isLocal);
    }

    /** A new vector of zeros. */
    public FlatVector zeros(long length) {
        if (near) {
            long token = TOKENS.nextLong() | 1; // never 0, which means none
            FlatVector vector = SharedMemory.create(token, length);
            if (vector != null) {
                tokens.put(vector, token);
                return vector;
            }
        }
        return FlatVector.zeros(length);
    }

    /**
     * What peers on this machine read of each other.
     *
     * @param readers those that read this member's vectors
     * @param theirs vectors of those that this member reads
     */
    record Shared(Set<Peer> readers, Map<Peer, List<FlatVector>> theirs) {}

    /**
     * Members on one machine tell each other the tokens of their vectors, and then whether they could map all of them.
     *
     * @param own that others read, in an order that all know
     * @param counts number of vectors of each member
     */
    Shared share(List<FlatVector> own, int[] counts) throws PeerLostException, InterruptedException {
        PeerGroup members = Objects.requireNonNull(group);
        List<Peer> peers = members.peers().stream().filter(Peer::isLocal).toList();
        Map<Peer, ByteBuffer> told = new HashMap<>();
        for (Peer peer : peers) {
            ByteBuffer mine = longs(own.size());
            own.forEach(vector -> mine.putLong(tokens.getOrDefault(vector, 0L)));
            ByteBuffer theirs = longs(counts[peer.member()]);
            told.put(peer, theirs);
            members.send(peer, Frame.Kind.MEMORY, peer.outgoing(List.of(mine)), 0);
            members.expect(peer, Frame.Kind.MEMORY, peer.incoming(List.of(theirs)), 0);
        }
        members.complete();
        Map<Peer, List<FlatVector>> theirs = new HashMap<>();
        told.forEach((peer, tokensOfPeer) -> {
            List<FlatVector> mapped = open(tokensOfPeer.clear(), own.get(0).length());
            if (mapped != null) {
                theirs.put(peer, mapped);
            }
            members.send(peer, Frame.Kind.MEMORY, peer.outgoing(List.of()), 0).value(mapped == null ? 0 : 1);
            members.expect(peer, Frame.Kind.MEMORY, peer.incoming(List.of()), 0);
        });
        members.complete();
        close();
        return new Shared(
                peers.stream().filter(peer -> peer.received().value() == 1).collect(Collectors.toSet()), theirs);
    }

    private static ByteBuffer longs(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static @Nullable List<FlatVector> open(ByteBuffer told, long length) {
        List<FlatVector> vectors = new ArrayList<>();
        while (told.hasRemaining()) {
            long token = told.getLong();
            FlatVector vector = token == 0 ? null : SharedMemory.open(token, length);
            if (vector == null) {
                return null;
            }
            vectors.add(vector);
        }
        return vectors;
    }

    /** Takes the names away; who has mapped a vector keeps it. */
    @Override
    public void close() {
        tokens.values().forEach(SharedMemory::delete);
        tokens.clear();
    }
}
