package org.isofleet.worker.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A flat vector of floats outside the heap: parameters, a gradient, a moment. Engines hand theirs out; optimizer, exchange,
 * checkpoint and digest work on it by tiles copied to heap arrays, where loops vectorize.
 */
public final class FlatVector {
    private final FloatPointer pointer;
    private final long length;

    /** The same memory as buffers, whose absolute bulk copies cost half of a native call; null when a buffer cannot span it. */
    private final @Nullable FloatBuffer floats;

    private final @Nullable IntBuffer bits;

    /** Wraps memory of at least {@code length} floats; the pointer keeps its owner alive. */
    public FlatVector(FloatPointer pointer, long length) {
        this.pointer = pointer;
        this.length = length;
        if (length > 0 && length * Float.BYTES <= Integer.MAX_VALUE) {
            ByteBuffer bytes = bytes(0, (int) length);
            this.floats = bytes.asFloatBuffer();
            this.bits = bytes.asIntBuffer();
        } else {
            this.floats = null;
            this.bits = null;
        }
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
        if (floats != null) {
            floats.get((int) from, target, targetFrom, count);
        } else {
            new FloatPointer(pointer).position(from).get(target, targetFrom, count);
        }
    }

    /** Copies the bits of {@code count} floats from {@code from} on into a heap array, as {@link Float#floatToRawIntBits} gives them. */
    public void readBits(long from, int[] target, int targetFrom, int count) {
        check(from, count);
        if (bits != null) {
            bits.get((int) from, target, targetFrom, count);
        } else {
            new IntPointer(new FloatPointer(pointer).position(from)).get(target, targetFrom, count);
        }
    }

    /** Copies {@code count} floats of a heap array to {@code from} on. */
    public void write(long from, float[] source, int sourceFrom, int count) {
        check(from, count);
        if (floats != null) {
            floats.put((int) from, source, sourceFrom, count);
        } else {
            new FloatPointer(pointer).position(from).put(source, sourceFrom, count);
        }
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

    /** Overwrites all elements with those of a vector of the same length. */
    public void copyFrom(FlatVector source) {
        if (source.length != length) {
            throw new IllegalArgumentException(source.length + " floats do not fill " + length);
        }
        Pointer.memcpy(
                new FloatPointer(pointer).position(0),
                new FloatPointer(source.pointer).position(0),
                length * Float.BYTES);
    }

    /** Sets all elements to zero. */
    public void clear() {
        new FloatPointer(pointer).position(0).limit(length).zero();
    }

    /** Gives the memory back now instead of with this object; nothing may use the vector or its views afterwards. */
    public void free() {
        pointer.deallocate();
    }

    private void check(long from, long count) {
        if (from < 0 || count < 0 || from + count > length) {
            throw new IndexOutOfBoundsException(from + " + " + count + " of " + length);
        }
    }
}
