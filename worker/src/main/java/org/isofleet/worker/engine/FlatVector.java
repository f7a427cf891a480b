package org.isofleet.worker.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A flat vector of floats outside the heap: parameters, a gradient, a moment, an activation. Engines hand theirs out; optimizer,
 * exchange, checkpoint and digest work on it by tiles copied to heap arrays, where loops vectorize. Copies are plain memory
 * moves through buffers made once, so they neither allocate nor call native code.
 */
public final class FlatVector {
    /** Floats of one buffer, for a buffer cannot address 2^31 bytes. */
    private static final int SEGMENT = 1 << 28;

    private static final int SEGMENT_BITS = 28;

    private final FloatPointer pointer;
    private final long length;
    private final FloatBuffer[] segments;
    private final IntBuffer[] bits;

    /** Wraps memory of at least {@code length} floats; the pointer keeps its owner alive. */
    public FlatVector(FloatPointer pointer, long length) {
        this.pointer = pointer;
        this.length = length;
        this.segments = new FloatBuffer[(int) ((length + SEGMENT - 1) >> SEGMENT_BITS)];
        this.bits = new IntBuffer[segments.length];
        for (int s = 0; s < segments.length; s++) {
            long from = (long) s << SEGMENT_BITS;
            ByteBuffer bytes = view(from, (int) Math.min(SEGMENT, length - from));
            segments[s] = bytes.asFloatBuffer();
            bits[s] = bytes.asIntBuffer();
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

    /** Address of an element, for native calls; valid while this object lives. */
    public long address(long from) {
        return pointer.address() + from * Float.BYTES;
    }

    /** Copies {@code count} floats from {@code from} on into a heap array. */
    public void read(long from, float[] target, int targetFrom, int count) {
        check(from, count);
        int segment = (int) (from >> SEGMENT_BITS);
        int index = (int) (from & (SEGMENT - 1));
        int now = Math.min(count, SEGMENT - index);
        if (now > 0) {
            segments[segment].get(index, target, targetFrom, now);
        }
        if (now < count) {
            read(from + now, target, targetFrom + now, count - now);
        }
    }

    /** Copies the bits of {@code count} floats from {@code from} on into a heap array, as {@link Float#floatToRawIntBits} gives them. */
    public void readBits(long from, int[] target, int targetFrom, int count) {
        check(from, count);
        int segment = (int) (from >> SEGMENT_BITS);
        int index = (int) (from & (SEGMENT - 1));
        int now = Math.min(count, SEGMENT - index);
        if (now > 0) {
            bits[segment].get(index, target, targetFrom, now);
        }
        if (now < count) {
            readBits(from + now, target, targetFrom + now, count - now);
        }
    }

    /** Copies {@code count} floats of a heap array to {@code from} on. */
    public void write(long from, float[] source, int sourceFrom, int count) {
        check(from, count);
        int segment = (int) (from >> SEGMENT_BITS);
        int index = (int) (from & (SEGMENT - 1));
        int now = Math.min(count, SEGMENT - index);
        if (now > 0) {
            segments[segment].put(index, source, sourceFrom, now);
        }
        if (now < count) {
            write(from + now, source, sourceFrom + now, count - now);
        }
    }

    /** One element. */
    public float get(long index) {
        return segments[(int) (index >> SEGMENT_BITS)].get((int) (index & (SEGMENT - 1)));
    }

    /** Sets one element. */
    public void set(long index, float value) {
        segments[(int) (index >> SEGMENT_BITS)].put((int) (index & (SEGMENT - 1)), value);
    }

    /** A little-endian view, from position 0 to its capacity, of at most 2^29 - 1 floats, for sockets, files and digests. */
    public ByteBuffer bytes(long from, int count) {
        check(from, count);
        return view(from, count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Overwrites all elements with those of a vector of the same length. */
    public void copyFrom(FlatVector source) {
        if (source.length != length) {
            throw new IllegalArgumentException(source.length + " floats do not fill " + length);
        }
        copy(0, source, 0, length);
    }

    /** Overwrites {@code count} elements from {@code to} on with those of another vector from {@code from} on. */
    public void copy(long to, FlatVector source, long from, long count) {
        check(to, count);
        source.check(from, count);
        if (count > 0) { // JavaCPP would take none for one
            new FloatPointer(pointer)
                    .position(to)
                    .put(new FloatPointer(source.pointer).position(from).limit(from + count));
        }
    }

    /** Sets all elements to zero. */
    public void clear() {
        clear(0, length);
    }

    /** Sets {@code count} elements from {@code from} on to zero. */
    public void clear(long from, long count) {
        check(from, count);
        new FloatPointer(pointer).position(from).limit(from + count).zero();
    }

    /** Gives the memory back now instead of with this object; nothing may use the vector or its views afterwards. */
    public void free() {
        pointer.deallocate();
    }

    private ByteBuffer view(long from, int count) {
        return new FloatPointer(pointer)
                .position(from)
                .limit(from + count)
                .asByteBuffer()
                .slice() // JavaCPP's begins at the vector and has a position
                .order(ByteOrder.nativeOrder());
    }

    private void check(long from, long count) {
        if (from < 0 || count < 0 || from + count > length) {
            throw new IndexOutOfBoundsException(from + " + " + count + " of " + length);
        }
    }
}
