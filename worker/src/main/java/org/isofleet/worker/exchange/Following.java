package org.isofleet.worker.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * A worker's connection to the member whose state it follows, without being in the group: first a state at a step boundary, then what the
 * optimizer used in each step since. Nothing is believed: whoever applies it compares the hash after each step.
 */
public final class Following implements AutoCloseable {
    /** In place of a step: the source has stopped. */
    static final long END = -1;

    static final int UPDATE_BYTES = 2 * Long.BYTES;

    private final PeerGroup source;
    private final Peer peer;

    private Following(PeerGroup source) {
        this.source = source;
        this.peer = source.peers().get(0);
    }

    /** The state that a follower begins with, but for its vectors. */
    public record Start(long step, long stateHash, StateTransfer.About about) {}

    /**
     * Connects to a member of a group.
     *
     * @param plan the group, which this worker is not in
     * @param member index of the source
     * @param server of this worker
     * @throws PeerLostException when the source cannot be reached, or serves another generation
     */
    public static Following connect(GroupPlan plan, int member, BulkServer server, StopSignal stop)
            throws IOException, PeerLostException {
        return new Following(PeerGroup.toSource(plan, member, server, stop));
    }

    /**
     * Overwrites the vectors, once the source has come to the end of its step.
     *
     * @param vectors parameters and both moments, in the same order as those of the source
     * @throws PeerLostException when the source has ended, or left the generation, before all was there
     */
    public Start start(List<FlatVector> vectors) throws PeerLostException, InterruptedException {
        long step = announced();
        long hash = peer.received().stateHash();
        if (step == END) {
            throw new PeerLostException(peer.workerId(), "it has stopped");
        }
        ByteBuffer about = StateTransfer.about();
        receive(Frame.Kind.SNAPSHOT, List.of(about), step);
        for (FlatVector vector : vectors) {
            receive(Frame.Kind.SNAPSHOT, StepMessage.bytes(new StepMessage.Part(vector, 0, vector.length())), step);
        }
        return new Start(step, hash, StateTransfer.decode(about));
    }

    /**
     * Waits for the next step of the source.
     *
     * @param gradient takes its gradient
     * @return null when the source has stopped, and all that it has done was told
     */
    public @Nullable Update next(FlatVector gradient) throws PeerLostException, InterruptedException {
        long step = announced();
        long hash = peer.received().stateHash();
        if (step == END) {
            return null;
        }
        ByteBuffer used = ByteBuffer.allocateDirect(UPDATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> payload = Stream.concat(
                        Stream.of(used),
                        StepMessage.bytes(new StepMessage.Part(gradient, 0, gradient.length())).stream())
                .toList();
        receive(Frame.Kind.UPDATE, payload, step);
        return new Update(step, hash, used.getDouble(0), used.getLong(Double.BYTES), gradient);
    }

    private long announced() throws PeerLostException, InterruptedException {
        receive(Frame.Kind.NEXT, List.of(), 0);
        return peer.received().value();
    }

    private void receive(Frame.Kind kind, List<ByteBuffer> payload, long step)
            throws PeerLostException, InterruptedException {
        source.expect(peer, kind, peer.incoming(payload), step);
        source.complete();
    }

    @Override
    public void close() {
        source.close();
    }
}
