package org.isofleet.worker.data;

import static org.isofleet.protocol.study.Requirement.require;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small image set on the heap, its bytes already reduced: for tests, and for sets that are made by a program. */
public final class HeapImages implements ImageSet {
    /**
     * The images of one split.
     *
     * @param values [image][channel][row][column]; not copied
     * @param labels a class for each image; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // a buffer, compared by nobody
    public record Content(byte[] values, int[] labels) {}

    private final int resolution;
    private final int channels;
    private final int levels;
    private final List<String> classes;
    private final Map<Split, Content> splits = new EnumMap<>(Split.class);

    /** A set of the given splits; those not given are empty. */
    public HeapImages(int resolution, int channels, int levels, List<String> classes, Map<Split, Content> splits) {
        this.resolution = resolution;
        this.channels = channels;
        this.levels = levels;
        this.classes = List.copyOf(classes);
        this.splits.putAll(splits);
        splits.forEach((split, content) -> require(
                content.values().length == (long) content.labels().length * imageLength(),
                "%d bytes do not hold the %d images of split %s",
                content.values().length,
                content.labels().length,
                split));
    }

    @Override
    public int resolution() {
        return resolution;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public long count(Split split) {
        Content content = splits.get(split);
        return content == null ? 0 : content.labels().length;
    }

    @Override
    public int label(Split split, long index) {
        return content(split, index).labels()[(int) index];
    }

    @Override
    public void read(Split split, long index, byte[] target, int offset) {
        int length = imageLength();
        System.arraycopy(content(split, index).values(), Math.toIntExact(index * length), target, offset, length);
    }

    @Override
    public String sha256() {
        MessageDigest digest = Sha256.digest();
        digest.update((byte) resolution);
        digest.update((byte) channels);
        splits.forEach((split, content) -> {
            digest.update(split.name().getBytes(StandardCharsets.US_ASCII));
            digest.update(content.values());
            for (int label : content.labels()) {
                digest.update((byte) label);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() {}

    private Content content(Split split, long index) {
        Objects.checkIndex(index, count(split));
        return Objects.requireNonNull(splits.get(split));
    }

    private int imageLength() {
        return channels * resolution * resolution;
    }
}
