package org.isofleet.worker.data;

/**
 * Labelled images of one resolution in three splits, memory-mapped. Values come out reduced to the asked levels and channels.
 * Safe for use by several threads.
 */
public interface ImageSet extends AutoCloseable {
    /** The splits; no concept is in two of them. */
    enum Split {
        TRAIN,
        VALIDATION,
        TEST
    }

    int resolution();

    /** Values per pixel that {@link #read} gives. */
    int channels();

    /** Distinct values of a channel that {@link #read} gives. */
    int levels();

    /** Names of the classes. */
    java.util.List<String> classes();

    long count(Split split);

    /** Class of an image. */
    int label(Split split, long index);

    /** Writes an image as [channel][row][column] bytes from {@code offset} on. */
    void read(Split split, long index, byte[] target, int offset);

    /** Digest of the whole set at this resolution, whatever channels and levels are asked for: 64 hexadecimal digits. */
    String sha256();

    @Override
    void close();
}
