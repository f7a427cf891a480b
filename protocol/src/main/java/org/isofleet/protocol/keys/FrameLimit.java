package org.isofleet.protocol.keys;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * The lengths of the frames in a stream between actor systems, read along as its bytes come: four of a magic word, one that numbers the
 * stream, then frames, each behind its length in four, the lowest first (Artery's {@code TcpFraming}). Pekko 1.7.0 believes any length and
 * collects up to 2 GiB (apache/pekko#3492); here one that is too long is known before a byte of it is kept.
 */
final class FrameLimit {
    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_BYTES = 4;
    private static final int LARGE_STREAM = 3;

    private final long ordinaryBytes;
    private final long largeBytes;
    private long limit;
    private int headerLeft = HEADER_BYTES;
    private int lengthLeft = LENGTH_BYTES;
    private long length;

    /**
     * @param ordinaryBytes most of a frame
     * @param largeBytes most of a frame of the stream for large messages
     */
    FrameLimit(long ordinaryBytes, long largeBytes) {
        this.ordinaryBytes = ordinaryBytes;
        this.largeBytes = largeBytes;
    }

    /**
     * Reads on.
     *
     * @param bytes from position to limit, neither of which changes
     * @throws ProtocolException when a frame is longer than it may be
     */
    void read(ByteBuffer bytes) throws ProtocolException {
        int at = bytes.position();
        while (at < bytes.limit()) {
            if (headerLeft > 0) {
                headerLeft--;
                limit = bytes.get(at) == LARGE_STREAM ? largeBytes : ordinaryBytes; // the last of the header decides
                at++;
            } else if (lengthLeft > 0) {
                lengthLeft--;
                length |= (bytes.get(at) & 0xFFL) << (8 * (LENGTH_BYTES - 1 - lengthLeft));
                at++;
                if (lengthLeft == 0 && length > limit) {
                    throw new ProtocolException(
                            "it sends a frame of %d bytes, where %d are the most".formatted(length, limit));
                }
            } else {
                int skipped = (int) Math.min(length, bytes.limit() - at);
                at += skipped;
                length -= skipped;
            }
            if (lengthLeft == 0 && length == 0) {
                lengthLeft = LENGTH_BYTES;
            }
        }
    }
}
