package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Some hashes that every member tells all others: afterwards all have the same table. */
public final class AllGather {
    private final PeerGroup group;
    private final int count;
    private final ByteBuffer mine;
    private final List<ByteBuffer> theirs = new ArrayList<>();
    private final List<ByteBuffer[]> out = new ArrayList<>();
    private final List<ByteBuffer[]> in = new ArrayList<>();

    /** For {@code count} numbers of each member. */
    public AllGather(PeerGroup group, int count) {
        this.group = group;
        this.count = count;
        this.mine = longs(count);
        for (Peer peer : group.peers()) {
            ByteBuffer received = longs(count);
            theirs.add(received);
            out.add(peer.outgoing(List.of(mine.duplicate().order(ByteOrder.LITTLE_ENDIAN))));
            in.add(peer.incoming(List.of(received)));
        }
    }

    private static ByteBuffer longs(int count) {
        return ByteBuffer.allocateDirect(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Tells and hears.
     *
     * @param own this member's numbers
     * @return the numbers of all members, in their order
     */
    public long[][] gather(long step, long[] own) throws PeerLostException, InterruptedException {
        for (int i = 0; i < count; i++) {
            mine.putLong(i * Long.BYTES, own[i]);
        }
        for (int p = 0; p < theirs.size(); p++) {
            group.send(group.peers().get(p), Frame.Kind.HASHES, out.get(p), step);
            group.expect(group.peers().get(p), Frame.Kind.HASHES, in.get(p), step);
        }
        group.complete();
        long[][] all = new long[theirs.size() + 1][count];
        all[group.me()] = own.clone();
        for (int p = 0; p < theirs.size(); p++) {
            long[] row = all[group.peers().get(p).member()];
            for (int i = 0; i < count; i++) {
                row[i] = theirs.get(p).getLong(i * Long.BYTES);
            }
        }
        return all;
    }
}
