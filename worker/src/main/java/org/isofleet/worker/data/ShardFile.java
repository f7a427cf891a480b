package org.isofleet.worker.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * One shard file, mapped into memory. A mapped buffer takes no more than 2^31 - 1 bytes, so the images are mapped in windows of whole
 * blocks. A block is checked against its digest when an image of it is first read.
 */
final class ShardFile {
    private static final long WINDOW_BYTES = 1L << 30;

    private final Path file;
    private final ShardHeader header;
    private final ShardIndex index;
    private final long windowImages;
    private final MappedByteBuffer[] windows;

    /** Racy on purpose: two threads may check the same block, none skips it. */
    private final boolean[] checked;

    private ShardFile(Path file, ShardHeader header, ShardIndex index, FileChannel channel) throws IOException {
        this.file = file;
        this.header = header;
        this.index = index;
        this.checked = new boolean[index.blockSha256().size()];
        long blockBytes = (long) header.blockImages() * header.imageBytes();
        this.windowImages = Math.max(1, WINDOW_BYTES / blockBytes) * header.blockImages();
        this.windows = new MappedByteBuffer[Math.toIntExact((header.images() + windowImages - 1) / windowImages)];
        for (int w = 0; w < windows.length; w++) {
            long from = w * windowImages;
            long length = Math.min(windowImages, header.images() - from) * header.imageBytes();
            windows[w] =
                    channel.map(FileChannel.MapMode.READ_ONLY, ShardHeader.BYTES + from * header.imageBytes(), length);
        }
    }

    /** Opens a file and checks its header, length and index. */
    static ShardFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < ShardHeader.BYTES) {
                throw new ImageSetException(file + " is cut short: it ends within its header; fetch or pack it again");
            }
            ShardHeader header = ShardHeader.decode(file, ByteBuffer.wrap(read(channel, 0, ShardHeader.BYTES)));
            if (channel.size() != header.fileBytes()
                    || header.indexBytes() != ShardIndex.bytes(header.images(), header.blockImages())) {
                throw new ImageSetException(file + " should have " + header.fileBytes() + " bytes but has "
                        + channel.size() + "; fetch or pack it again");
            }
            byte[] index = read(channel, ShardHeader.BYTES + header.pixelBytes(), header.indexBytes());
            if (!MessageDigest.isEqual(Sha256.digest().digest(index), header.indexSha256())) {
                throw new ImageSetException(file + " is damaged in its index; fetch or pack it again");
            }
            return new ShardFile(file, header, ShardIndex.decode(index, Math.toIntExact(header.images())), channel);
        } catch (NoSuchFileException e) {
            throw new ImageSetException(file + " is missing; fetch or pack it again", e);
        }
    }

    private static byte[] read(FileChannel channel, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int got;
        do {
            got = channel.read(buffer, from + buffer.position());
        } while (got >= 0 && buffer.hasRemaining());
        return bytes;
    }

    ShardHeader header() {
        return header;
    }

    ShardIndex index() {
        return index;
    }

    /**
     * Copies an image.
     *
     * @throws UncheckedIOException when its block is damaged; the message is one line
     */
    void read(long image, byte[] target, int offset) {
        int block = (int) (image / header.blockImages());
        if (!checked[block]) {
            try {
                check(block);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        MappedByteBuffer window = windows[(int) (image / windowImages)];
        window.get((int) (image % windowImages * header.imageBytes()), target, offset, header.imageBytes());
    }

    /** Checks all images against their digests. */
    void checkAll() throws IOException {
        for (int block = 0; block < checked.length; block++) {
            check(block);
        }
    }

    private void check(int block) throws IOException {
        long first = (long) block * header.blockImages();
        int images = (int) Math.min(header.blockImages(), header.images() - first);
        ByteBuffer bytes = windows[(int) (first / windowImages)].slice(
                (int) (first % windowImages * header.imageBytes()), images * header.imageBytes());
        MessageDigest digest = Sha256.digest();
        digest.update(bytes);
        if (!MessageDigest.isEqual(digest.digest(), index.blockSha256().get(block))) {
            throw new ImageSetException(file + " is damaged: the block of images " + first + " to "
                    + (first + images - 1) + " does not have its checksum; fetch or pack it again");
        }
        checked[block] = true;
    }
}
