package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * Holds the sizes that a Parquet file declares against the file, before Parquet's reader takes memory for them. Field numbers are those of
 * parquet.thrift.
 */
final class ParquetBounds {
    /** PAR1, little-endian. */
    private static final int MAGIC = 0x31524150;

    /** Length of the description and the magic at the end. */
    private static final int TAIL = 8;

    private static final int MOST_FOOTER = 1 << 28;

    /** A page header without statistics has some dozens of bytes; those hold a value or two. */
    private static final int MOST_HEADER = 1 << 16;

    private static final long MOST_ROWS = 1 << 24;

    /** Beyond this a page must be stored in so many bytes that its codec can have made it. */
    private static final long PAGE_FOR_FREE = 1 << 24;

    private static final long MOST_UNPACKED = 1032;

    private ParquetBounds() {}

    /** Checks the description of a file. */
    static void checkFooter(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer tail = read(channel, channel.size() - TAIL, TAIL);
            int length = tail.getInt();
            if (tail.getInt() != MAGIC) {
                throw new IOException("it does not end as a Parquet file does");
            }
            if (length < 0 || length > MOST_FOOTER || length > channel.size() - TAIL - Integer.BYTES) {
                throw new IOException("its description is longer than it");
            }
            ThriftStruct.read(read(channel, channel.size() - TAIL - length, length));
        }
    }

    /** Checks the pages of the columns that are read. */
    static void checkPages(Path file, ParquetMetadata metadata, List<List<String>> columns) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (BlockMetaData block : metadata.getBlocks()) {
                if (block.getRowCount() < 0 || block.getRowCount() > MOST_ROWS) {
                    throw new IOException("a group declares " + block.getRowCount() + " rows");
                }
                for (ColumnChunkMetaData chunk : block.getColumns()) {
                    if (columns.contains(List.of(chunk.getPath().toArray()))) {
                        checkChunk(channel, chunk, block.getRowCount());
                    }
                }
            }
        }
    }

    private static void checkChunk(FileChannel channel, ColumnChunkMetaData chunk, long rows) throws IOException {
        long at = chunk.getStartingPos();
        long end = at + chunk.getTotalSize();
        if (at < 0 || chunk.getTotalSize() < 0 || end < at || end > channel.size()) {
            throw new IOException("a column lies beyond its end");
        }
        if (chunk.getTotalSize() > Runtime.getRuntime().maxMemory() / 2) {
            throw new IOException("a row group has " + chunk.getTotalSize()
                    + " bytes, more than half the memory; write it with smaller row groups or set JAVA_OPTS=-Xmx");
        }
        long values = 0;
        while (at < end) {
            ByteBuffer head = read(channel, at, (int) Math.min(MOST_HEADER, end - at));
            ThriftStruct page = ThriftStruct.read(head);
            long unpacked = page.number(2);
            long stored = page.number(3);
            at += head.position() + stored;
            if (stored < 0 || at > end || unpacked < 0 || unpacked > PAGE_FOR_FREE + MOST_UNPACKED * stored) {
                throw new IOException("a page declares " + unpacked + " bytes in " + stored);
            }
            long entries = page.struct(7).number(1);
            if (entries < 0 || entries > unpacked) {
                throw new IOException("a dictionary of " + unpacked + " bytes declares " + entries + " values");
            }
            values += page.struct(5).number(1) + page.struct(8).number(1);
        }
        if (values != rows) {
            throw new IOException("a column has " + values + " values for " + rows + " rows");
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        if (at < 0) {
            throw new IOException("it is cut short");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("it is cut short");
            }
        }
        return buffer.flip();
    }
}
