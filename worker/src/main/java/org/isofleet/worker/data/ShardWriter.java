package org.isofleet.worker.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.isofleet.worker.data.ImageSet.Split;

/** Writes one shard file under a name of its own; nothing bears the final name before it is whole and on disk. */
final class ShardWriter implements AutoCloseable {
    private final Path folder;
    private final Path temporary;
    private final FileChannel channel;
    private final int resolution;
    private final int channels;
    private final Split split;
    private final ByteBuffer block;
    private final List<byte[]> digests = new ArrayList<>();
    private short[] labels = new short[1024];
    private int images;

    ShardWriter(Path folder, int resolution, int channels, Split split) throws IOException {
        this.folder = folder;
        this.resolution = resolution;
        this.channels = channels;
        this.split = split;
        int imageBytes = ShardHeader.imageBytes(resolution, channels);
        this.block = ByteBuffer.allocate(ShardHeader.blockImages(imageBytes) * imageBytes);
        this.temporary = folder.resolve("." + split + "." + UUID.randomUUID() + ".tmp");
        this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.position(ShardHeader.BYTES);
    }

    /** Bytes of images so far. */
    long bytes() {
        return (long) images * ShardHeader.imageBytes(resolution, channels);
    }

    /** Whether another image begins a new block. */
    boolean atBlockBoundary() {
        return block.position() == 0;
    }

    void add(int label, byte[] values, int offset) throws IOException {
        if (images == labels.length) {
            labels = Arrays.copyOf(labels, images * 2);
        }
        labels[images++] = (short) label;
        block.put(values, offset, ShardHeader.imageBytes(resolution, channels));
        if (!block.hasRemaining()) {
            flush();
        }
    }

    private void flush() throws IOException {
        block.flip();
        MessageDigest digest = Sha256.digest();
        digest.update(block.duplicate());
        digests.add(digest.digest());
        write(block);
        block.clear();
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** What {@link #finish} came to. */
    record Written(Path file, ShardIndex index) {}

    /** Completes the file, forces it to disk and gives it its name, which holds the number and a part of the digest. */
    Written finish(int number) throws IOException {
        if (block.position() > 0) {
            flush();
        }
        ShardIndex index = new ShardIndex(Arrays.copyOf(labels, images), digests);
        byte[] encoded = index.encode();
        byte[] digest = Sha256.digest().digest(encoded);
        write(ByteBuffer.wrap(encoded));
        channel.position(0);
        write(new ShardHeader(resolution, channels, split, images, encoded.length, digest).encode());
        channel.force(true);
        channel.close();
        Path file = folder.resolve(String.format(
                java.util.Locale.ROOT,
                "%d-%s-%04d-%s.shard",
                resolution,
                split.name().toLowerCase(java.util.Locale.ROOT),
                number,
                HexFormat.of().formatHex(digest, 0, 6)));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        return new Written(file, index);
    }

    /** Deletes what was not finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
