package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.worker.checkpoint.DigestChain;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.engine.FlatVector;

/**
 * How members that are behind copy parameters and moments from the one that a generation starts from. Every member tells the source
 * whether it needs the state; the source answers those that do, all at once. Whoever receives hashes what it got.
 */
public final class StateTransfer {
    private static final int CHAIN_BYTES = 32;
    private static final int ABOUT_BYTES = 3 * Long.BYTES + CHAIN_BYTES;

    private final PeerGroup group;
    private final StartPoint.FromMember from;
    private final List<FlatVector> vectors;

    /** @param vectors parameters and both moments, in the same order on all members */
    public StateTransfer(PeerGroup group, StartPoint.FromMember from, List<FlatVector> vectors) {
        this.group = group;
        this.from = from;
        this.vectors = List.copyOf(vectors);
    }

    /** What goes with the vectors. */
    public record About(SampleLedger ledger, DigestChain chain) {}

    /** The source's side. */
    public void serve(About about) throws PeerLostException, InterruptedException {
        for (Peer peer : group.peers()) {
            expect(peer, Frame.Kind.STATE_REQUEST, peer.incoming(List.of()));
        }
        group.complete();
        for (Peer peer : group.peers()) {
            if (peer.received().value() != 0) {
                send(peer, Frame.Kind.STATE, peer.outgoing(payload(encode(about))), 0);
            }
        }
        group.complete();
    }

    /** The side of a member that holds the state already. */
    public void decline() throws PeerLostException, InterruptedException {
        Peer source = source();
        send(source, Frame.Kind.STATE_REQUEST, source.outgoing(List.of()), 0);
        group.complete();
    }

    /** The side of a member that is behind: overwrites the vectors. */
    public About fetch() throws PeerLostException, InterruptedException {
        Peer source = source();
        ByteBuffer about = about();
        send(source, Frame.Kind.STATE_REQUEST, source.outgoing(List.of()), 1);
        expect(source, Frame.Kind.STATE, source.incoming(payload(about)));
        group.complete();
        return decode(about);
    }

    private Peer source() {
        return group.peer(group.plan().indexOf(from.workerId()));
    }

    private void send(Peer peer, Frame.Kind kind, ByteBuffer[] message, long value) {
        group.send(peer, kind, message, from.step()).stateHash(from.stateHash()).value(value);
    }

    private void expect(Peer peer, Frame.Kind kind, ByteBuffer[] message) {
        group.expect(peer, kind, message, from.step());
    }

    private List<ByteBuffer> payload(ByteBuffer about) {
        List<ByteBuffer> buffers = new ArrayList<>(List.of(about));
        vectors.forEach(v -> buffers.addAll(StepMessage.bytes(new StepMessage.Part(v, 0, v.length()))));
        return buffers;
    }

    /** Room for what goes with the vectors. */
    static ByteBuffer about() {
        return ByteBuffer.allocateDirect(ABOUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer encode(About about) {
        ByteBuffer bytes = about();
        bytes.putLong(about.ledger().images()).putLong(about.ledger().sum());
        bytes.putLong(about.chain().step())
                .put(HexFormat.of().parseHex(about.chain().digest()));
        return bytes;
    }

    static About decode(ByteBuffer received) {
        ByteBuffer bytes = received.order(ByteOrder.LITTLE_ENDIAN).rewind();
        SampleLedger ledger = new SampleLedger(bytes.getLong(), bytes.getLong());
        long chainStep = bytes.getLong();
        byte[] chain = new byte[CHAIN_BYTES];
        bytes.get(chain);
        return new About(ledger, new DigestChain(HexFormat.of().formatHex(chain), chainStep));
    }
}
