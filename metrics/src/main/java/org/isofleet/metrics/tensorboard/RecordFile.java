package org.isofleet.metrics.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of TFRecords that grows: each record is its length (8 bytes, little-endian), the length's masked CRC-32C, the bytes and their masked
 * CRC-32C, as TensorFlow's {@code record_writer.cc} has it. What a killed writer left unfinished is cut before the next record is appended, so
 * that a reader which waits at the end finds whole records there.
 */
final class RecordFile {
    private static final int HEAD = 12;
    private static final int FOOT = 4;

    private final Path file;
    private long length;

    private RecordFile(Path file, long length) {
        this.file = file;
        this.length = length;
    }

    /**
     * What is there.
     *
     * @param records whole ones, until the end or the first damaged one
     * @param bytes that they take
     * @param lost bytes behind them
     */
    record Content(List<ByteBuffer> records, long bytes, long lost) {}

    /** Continues a file after its last whole record. */
    static RecordFile after(Path file, Content content) {
        return new RecordFile(file, content.bytes());
    }

    /**
     * Reads a file; one that is not there has no records.
     *
     * @throws IOException when it cannot be read
     */
    static Content read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            bytes = new byte[0];
        }
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> records = new ArrayList<>();
        int at = 0;
        while (at + HEAD + FOOT <= bytes.length) {
            long size = all.getLong(at);
            boolean whole = all.getInt(at + 8) == maskedCrc(bytes, at, 8)
                    && size >= 0
                    && size <= bytes.length - at - HEAD - FOOT
                    && all.getInt(at + HEAD + (int) size) == maskedCrc(bytes, at + HEAD, (int) size);
            if (!whole) {
                break;
            }
            records.add(ByteBuffer.wrap(bytes, at + HEAD, (int) size).slice());
            at += HEAD + (int) size + FOOT;
        }
        return new Content(records, at, bytes.length - at);
    }

    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Appends records; after a failure none of them counts.
     *
     * @throws IOException when they cannot be written
     */
    void append(List<byte[]> records) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(records.stream()
                        .mapToInt(bytes -> HEAD + bytes.length + FOOT)
                        .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] bytes : records) {
            int start = framed.position();
            framed.putLong(bytes.length).putInt(maskedCrc(framed.array(), start, 8));
            framed.put(bytes).putInt(maskedCrc(bytes, 0, bytes.length));
        }
        framed.flip();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            channel.position(length);
            while (framed.hasRemaining()) {
                channel.write(framed);
            }
            length = channel.position();
        }
    }

    /** CRCs of data that holds CRCs are no good, so TensorFlow rotates them and adds a constant ({@code crc32c.h}). */
    static int maskedCrc(byte[] bytes, int from, int size) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, size);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }
}
