package org.isofleet.worker.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.worker.engine.FlatVector;

/** A message that is sent every step: some doubles, then parts of vectors, unless the receiver reads these where they lie. */
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

    StepMessage(int doubles, List<Part> parts) {
        this.doubles = ByteBuffer.allocateDirect(doubles * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        this.parts = List.copyOf(parts);
    }

    List<ByteBuffer> payload() {
        List<ByteBuffer> payload = new ArrayList<>(List.of(doubles));
        parts.forEach(part -> payload.addAll(bytes(part)));
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
}
