package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fixed head of every message between members. Its receiver knows beforehand which message must come and how long it must be, so
 * anything else closes the connection before a byte more is read.
 */
final class Frame {
    /** Bytes of a head. */
    static final int BYTES = 64;

    private static final int MAGIC = 0x49_53_4F_46;

    /** What a message is. */
    enum Kind {
        /** Sums of a member's spans over the receiver's slice, and the losses of the spans. */
        CONTRIBUTION(1),
        /** The sender's slice, summed over all shards. */
        SUM(2),
        /** Whether the sender needs the receiver's state. */
        STATE_REQUEST(3),
        /** Parameters and moments. */
        STATE(4),
        /** Tokens of the sender's vectors in shared memory, then whether it could map the receiver's. */
        MEMORY(5),
        /** Hashes that all members compare. */
        HASHES(6),
        /** To a follower: at which step the state is that comes next, and its hash; or that nothing comes any more. */
        NEXT(7),
        /** A part of the state that a follower begins with. */
        SNAPSHOT(8),
        /** What the optimizer made a state of the one before with. */
        UPDATE(9);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    ByteBuffer bytes() {
        return bytes;
    }

    /** Writes a head, ready to be sent. */
    Frame set(Kind kind, int sender, long payloadBytes, long runId, long generation, long step) {
        bytes.clear();
        bytes.putInt(MAGIC).putInt(kind.code).putLong(payloadBytes).putLong(runId);
        bytes.putLong(generation)
                .putLong(step)
                .putInt(sender)
                .putInt(0)
                .putLong(0)
                .putLong(0);
        bytes.flip();
        return this;
    }

    Frame stateHash(long hash) {
        bytes.putLong(48, hash);
        return this;
    }

    long stateHash() {
        return bytes.getLong(48);
    }

    /** Ledger sum of a contribution; 1 or 0 in a request or an answer; a step. */
    Frame value(long value) {
        bytes.putLong(56, value);
        return this;
    }

    long value() {
        return bytes.getLong(56);
    }

    long step() {
        return bytes.getLong(32);
    }

    /** Why this head is not the one that must come, or null. */
    @org.jspecify.annotations.Nullable
    String difference(Frame expected) {
        if (bytes.getInt(0) != MAGIC) {
            return "sent bytes that are no message";
        }
        for (int at = 4; at < 48; at += 4) {
            if (bytes.getInt(at) != expected.bytes.getInt(at)) {
                return "sent kind %d of %d bytes for generation %d, step %d; due was kind %d of %d bytes for %d, %d"
                        .formatted(
                                bytes.getInt(4),
                                bytes.getLong(8),
                                bytes.getLong(24),
                                bytes.getLong(32),
                                expected.bytes.getInt(4),
                                expected.bytes.getLong(8),
                                expected.bytes.getLong(24),
                                expected.bytes.getLong(32));
            }
        }
        return null;
    }
}
