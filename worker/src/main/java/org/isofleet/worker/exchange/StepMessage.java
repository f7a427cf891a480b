package org.isofleet.worker.exchange;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * A message that is sent every step: some doubles, and parts of vectors. The doubles go through the connection, and the parts after them;
 * or the parts are copied by way of memory that both sides map, before the doubles are sent and after they came.
 */
final class StepMessage {
    /** Floats of one buffer. */
    private static final int PIECE = 1 << 28;

    /** Elements {@code from} to {@code to - 1} of a vector. */
    record Part(FlatVector vector, long from, long to) {
        long count() {
            return to - from;
        }
    }

    private final ByteBuffer doubles;
    private final List<Part> parts;
    private final @Nullable FlatVector shared;

    /** @param shared where the parts lie one after the other for the other side; null if they go through the connection */
    StepMessage(int doubles, List<Part> parts, @Nullable FlatVector shared) {
        this.doubles = ByteBuffer.allocateDirect(doubles * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        this.parts = List.copyOf(parts);
        this.shared = shared;
    }

    /** What goes through the connection. */
    List<ByteBuffer> payload() {
        List<ByteBuffer> payload = new ArrayList<>(List.of(doubles));
        if (shared == null) {
            parts.forEach(p -> payload.addAll(bytes(p)));
        }
        return payload;
    }

    /** The memory of a part of a vector. */
    static List<ByteBuffer> bytes(Part part) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (long at = part.from; at < part.to; at += PIECE) {
            buffers.add(part.vector.bytes(at, (int) Math.min(PIECE, part.to - at)));
        }
        return buffers;
    }

    double get(int index) {
        return doubles.getDouble(index * Double.BYTES);
    }

    void set(int index, double value) {
        doubles.putDouble(index * Double.BYTES, value);
    }

    /** Before sending: leaves the parts where the other side finds them. */
    void store() {
        if (shared != null) {
            long at = 0;
            for (Part part : parts) {
                shared.copy(at, part.vector, part.from, part.count());
                at += part.count();
            }
            VarHandle.releaseFence();
        }
    }

    /** After it came: takes the parts. */
    void load() {
        if (shared != null) {
            VarHandle.acquireFence();
            long at = 0;
            for (Part part : parts) {
                part.vector.copy(part.from, shared, at, part.count());
                at += part.count();
            }
        }
    }
}
