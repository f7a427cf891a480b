package org.isofleet.worker.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A flat vector of floats outside the heap: parameters, a gradient, a moment. Engines hand theirs out; optimizer, exchange,
 * checkpoint and digest work on it by tiles copied to heap arrays, where loops vectorize.
 */
public final class FlatVector {
    private final FloatPointer pointer;
    private final long length;

    /** Wraps memory of at least {@code length} floats; the pointer keeps its owner alive. */
    public FlatVector(FloatPointer pointer, long length) {
        this.pointer = pointer;
        this.length = length;
    }

    /** A new vector of zeros, freed with this object. */
    public static FlatVector zeros(long length) {
        FlatVector vector = new FlatVector(new FloatPointer(length), length);
        vector.clear();
        return vector;
    }

    public long length() {
        return length;
    }

    /** The memory; position 0 is the first element. */
    public FloatPointer pointer() {
        return pointer;
    }

    /** Copies {@code count} floats from {@code from} on into a heap array. */
    public void read(long from, float[] target, int targetFrom, int count) {
        check(from, count);
        new FloatPointer(pointer).position(from).get(target, targetFrom, count);
    }

    /** Copies {@code count} floats of a heap array to {@code from} on. */
    public void write(long from, float[] source, int sourceFrom, int count) {
        check(from, count);
        new FloatPointer(pointer).position(from).put(source, sourceFrom, count);
    }

    /** A little-endian view of at most 2^29 - 1 floats, for sockets, files and digests. */
    public ByteBuffer bytes(long from, int count) {
        check(from, count);
        return new FloatPointer(pointer)
                .position(from)
                .limit(from + count)
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets all elements to zero. */
    public void clear() {
        new FloatPointer(pointer).position(0).limit(length).zero();
    }

    private void check(long from, long count) {
        if (from < 0 || count < 0 || from + count > length) {
            throw new IndexOutOfBoundsException(from + " + " + count + " of " + length);
        }
    }
}
