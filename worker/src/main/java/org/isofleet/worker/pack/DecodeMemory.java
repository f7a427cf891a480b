package org.isofleet.worker.pack;

import java.util.concurrent.Semaphore;

/**
 * Keeps the images that are decoded at once within a quarter of the heap, however many threads there are. An image that is larger than
 * that by itself is decoded alone: what is packed depends on no machine.
 */
final class DecodeMemory {
    private static final int MEBIBYTE = 1 << 20;

    /** Four values of 16 bits as decoded, a row of integers, and three of 8 bits beside them. */
    private static final int BYTES_PER_PIXEL = 12;

    private static final int ALL = Math.max(64, (int) (Runtime.getRuntime().maxMemory() / 4 / MEBIBYTE));
    private static final Semaphore FREE = new Semaphore(ALL, true);

    private DecodeMemory() {}

    /** What is done within the memory. */
    interface Decoding {
        Picture decode() throws DamagedImageException;
    }

    static Picture within(long pixels, Decoding decoding) throws DamagedImageException {
        int taken = (int) Math.min(ALL, 1 + pixels * BYTES_PER_PIXEL / MEBIBYTE);
        FREE.acquireUninterruptibly(taken);
        try {
            return decoding.decode();
        } finally {
            FREE.release(taken);
        }
    }
}
