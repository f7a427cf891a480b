package org.isofleet.worker.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.isofleet.worker.data.ImageSet.Split;

/**
 * The first {@value #BYTES} bytes of a shard file, big-endian: magic, version, resolution, channels, split, images, length of the
 * index, SHA-256 of the index, zeros. Then come the images as raw bytes [image][channel][row][column], then the index.
 *
 * @param resolution image side in pixels
 * @param channels values per pixel
 * @param split that all images of the file belong to
 * @param images in the file
 * @param indexBytes length of the index
 * @param indexSha256 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ShardHeader(int resolution, int channels, Split split, long images, int indexBytes, byte[] indexSha256) {
    static final int BYTES = 128;
    private static final byte[] MAGIC = "ISOIMAGE".getBytes(US_ASCII);
    private static final int VERSION = 1;

    /** Bytes of one block, at most: what one digest covers. Part of the format, since the set's digest depends on it. */
    private static final int BLOCK_BYTES = 1 << 20;

    int imageBytes() {
        return imageBytes(resolution, channels);
    }

    /** Images that one digest covers. */
    int blockImages() {
        return blockImages(imageBytes());
    }

    static int imageBytes(int resolution, int channels) {
        return channels * resolution * resolution;
    }

    static int blockImages(int imageBytes) {
        return Math.max(1, BLOCK_BYTES / imageBytes);
    }

    long pixelBytes() {
        return images * imageBytes();
    }

    long fileBytes() {
        return BYTES + pixelBytes() + indexBytes;
    }

    ByteBuffer encode() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        buffer.put(MAGIC).putInt(VERSION).putInt(resolution).putInt(channels);
        buffer.put(Arrays.copyOf(split.name().getBytes(US_ASCII), 16));
        buffer.putLong(images).putInt(indexBytes).put(indexSha256);
        return buffer.rewind();
    }

    static ShardHeader decode(Path file, ByteBuffer buffer) throws ImageSetException {
        byte[] magic = new byte[MAGIC.length];
        buffer.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new ImageSetException(
                    file + " is no shard of images: it does not begin with ISOIMAGE; pack it again");
        }
        int version = buffer.getInt();
        if (version != VERSION) {
            throw new ImageSetException(file + " has version " + version + " of the shard format, this program reads "
                    + VERSION + "; pack it again");
        }
        int resolution = buffer.getInt();
        int channels = buffer.getInt();
        byte[] name = new byte[16];
        buffer.get(name);
        String splitName = new String(name, US_ASCII).trim();
        long images = buffer.getLong();
        int indexBytes = buffer.getInt();
        byte[] digest = new byte[32];
        buffer.get(digest);
        Split split = Arrays.stream(Split.values())
                .filter(s -> s.name().equals(splitName))
                .findFirst()
                .orElseThrow(() -> damaged(file));
        if (resolution < 1 || resolution > 4096 || channels < 1 || channels > 4 || images < 0 || indexBytes < 0) {
            throw damaged(file);
        }
        return new ShardHeader(resolution, channels, split, images, indexBytes, digest);
    }

    private static ImageSetException damaged(Path file) {
        return new ImageSetException(file + " is damaged in its header; fetch or pack it again");
    }
}
