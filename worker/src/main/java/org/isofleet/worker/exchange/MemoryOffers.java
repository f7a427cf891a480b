package org.isofleet.worker.exchange;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How members on one machine come to share memory: the first of two offers it, the second answers whether it could map it. Where there is
 * none, bytes go through the connection as between machines.
 */
final class MemoryOffers {
    private static final SecureRandom TOKENS = new SecureRandom();

    private MemoryOffers() {}

    /**
     * Settles it with all others at once.
     *
     * @param bytes needed with each, the same at both ends
     * @return the memory by peer, of those that have one
     */
    static Map<Peer, SharedMemory> settle(PeerGroup group, ToLongFunction<Peer> bytes)
            throws PeerLostException, InterruptedException {
        List<Peer> near = group.peers().stream().filter(Peer::isLocal).toList();
        List<Peer> offering = near.stream().filter(p -> p.member() > group.me()).toList();
        List<Peer> offered = near.stream().filter(p -> p.member() < group.me()).toList();
        Map<Peer, SharedMemory> shared = new HashMap<>();
        Map<Peer, Long> tokens = new HashMap<>();
        try {
            for (Peer peer : offering) {
                long token = TOKENS.nextLong() | 1;
                tokens.put(peer, token);
                SharedMemory memory = SharedMemory.create(token, bytes.applyAsLong(peer));
                keep(shared, peer, memory);
                tell(group, peer, memory == null ? 0 : token);
            }
            offered.forEach(peer -> hear(group, peer));
            group.complete();

            for (Peer peer : offered) {
                long token = peer.received().value();
                SharedMemory memory = token == 0 ? null : SharedMemory.open(token, bytes.applyAsLong(peer));
                keep(shared, peer, memory);
                tell(group, peer, memory == null ? 0 : 1);
            }
            offering.forEach(peer -> hear(group, peer));
            group.complete();
            offering.stream().filter(peer -> peer.received().value() == 0).forEach(shared::remove);
        } finally {
            tokens.values().forEach(SharedMemory::delete);
        }
        return shared;
    }

    private static void keep(
            Map<Peer, SharedMemory> shared, Peer peer, @org.jspecify.annotations.Nullable SharedMemory memory) {
        if (memory != null) {
            shared.put(peer, memory);
        }
    }

    private static void tell(PeerGroup group, Peer peer, long value) {
        group.send(peer, Frame.Kind.MEMORY, peer.outgoing(List.of()), 0).value(value);
    }

    private static void hear(PeerGroup group, Peer peer) {
        group.expect(peer, Frame.Kind.MEMORY, peer.incoming(List.of()), 0);
    }
}
