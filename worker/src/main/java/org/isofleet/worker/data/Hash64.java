package org.isofleet.worker.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** 64-bit mixing: of counters for the sample order, of image bytes for the sample ledger. Not cryptographic. */
final class Hash64 {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** 2^64 over the golden ratio, odd: the increment of SplitMix64. */
    static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hash64() {}

    /** The finalizer of SplitMix64 (Stafford's variant 13): a bijection of 64 bits. */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Hash of {@code length} bytes from {@code from} on, eight at a time. */
    static long of(byte[] bytes, int from, int length) {
        long hash = mix(length + GOLDEN);
        int at = from;
        int end = from + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = Long.rotateLeft((hash ^ (long) WORDS.get(bytes, at)) * GOLDEN, 29);
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft((hash ^ (bytes[at] & 0xFF)) * GOLDEN, 29);
        }
        return mix(hash);
    }
}
