package org.isofleet.worker.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a shard knows of its images: a label each (2 bytes, big-endian), and the SHA-256 of each block of images.
 *
 * @param labels class of each image
 * @param blockSha256 32 bytes for each block; the last block may be short
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ShardIndex(short[] labels, List<byte[]> blockSha256) {
    private static final int DIGEST_BYTES = 32;

    static long bytes(long images, int blockImages) {
        return images * Short.BYTES + (images + blockImages - 1) / blockImages * DIGEST_BYTES;
    }

    byte[] encode() {
        byte[] bytes = new byte[labels.length * Short.BYTES + blockSha256.size() * DIGEST_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.asShortBuffer().put(labels);
        buffer.position(labels.length * Short.BYTES);
        blockSha256.forEach(buffer::put);
        return bytes;
    }

    static ShardIndex decode(byte[] bytes, int images) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        short[] labels = new short[images];
        buffer.asShortBuffer().get(labels);
        buffer.position(images * Short.BYTES);
        List<byte[]> digests = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] digest = new byte[DIGEST_BYTES];
            buffer.get(digest);
            digests.add(digest);
        }
        return new ShardIndex(labels, digests);
    }
}
