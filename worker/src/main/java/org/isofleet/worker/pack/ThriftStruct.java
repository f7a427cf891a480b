package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A struct in Thrift's compact protocol, whose lengths are held against the bytes that are there. Parquet's own reader takes memory for as
 * many elements and bytes as its input declares; so what it is to read is read here first.
 *
 * @param fields by number: Long, byte count of a string, List or ThriftStruct
 */
record ThriftStruct(Map<Integer, Object> fields) {
    private static final int MOST_DEEP = 32;

    /**
     * Reads the struct at a buffer's position, and leaves the buffer after it.
     *
     * @throws IOException when a length is beyond the bytes, or there is no struct
     */
    static ThriftStruct read(ByteBuffer in) throws IOException {
        try {
            return struct(in, 0);
        } catch (BufferUnderflowException e) {
            throw new IOException("its description is cut short", e);
        }
    }

    /** A number, or 0. */
    long number(int field) {
        return fields.get(field) instanceof Long number ? number : 0;
    }

    /** A struct, or an empty one. */
    ThriftStruct struct(int field) {
        return fields.get(field) instanceof ThriftStruct struct ? struct : new ThriftStruct(Map.of());
    }

    private static ThriftStruct struct(ByteBuffer in, int depth) throws IOException {
        if (depth > MOST_DEEP) {
            throw new IOException("its description is nested too deeply");
        }
        Map<Integer, Object> fields = new HashMap<>();
        int field = 0;
        while (true) {
            int head = in.get() & 0xFF;
            if (head == 0) {
                return new ThriftStruct(fields);
            }
            field = head >> 4 == 0 ? (int) unzigzag(varint(in)) : field + (head >> 4);
            int type = head & 0xF;
            fields.put(field, type <= 2 ? (Object) (type == 1 ? 1L : 0L) : value(in, type, depth));
        }
    }

    private static Object value(ByteBuffer in, int type, int depth) throws IOException {
        return switch (type) {
            case 1, 2, 3 -> (long) in.get();
            case 4, 5, 6 -> unzigzag(varint(in));
            case 7 -> in.getLong();
            case 8 -> skipped(in);
            case 9, 10 -> list(in, depth);
            case 11 -> map(in, depth);
            case 12 -> struct(in, depth + 1);
            default -> throw new IOException("its description is damaged");
        };
    }

    private static long skipped(ByteBuffer in) throws IOException {
        long length = count(in);
        in.position(in.position() + (int) length);
        return length;
    }

    private static List<Object> list(ByteBuffer in, int depth) throws IOException {
        int head = in.get() & 0xFF;
        long size = head >> 4 == 15 ? count(in) : head >> 4;
        if (size > in.remaining() || depth > MOST_DEEP) {
            throw new IOException("its description declares more than it holds");
        }
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            values.add(value(in, head & 0xF, depth + 1));
        }
        return values;
    }

    private static List<Object> map(ByteBuffer in, int depth) throws IOException {
        List<Object> values = new ArrayList<>();
        long size = count(in);
        if (size > 0) {
            int types = in.get() & 0xFF;
            for (long i = 0; i < size; i++) {
                values.add(value(in, types >> 4, depth + 1));
                values.add(value(in, types & 0xF, depth + 1));
            }
        }
        return values;
    }

    /** A number of bytes or elements, of which each takes a byte at least. */
    private static long count(ByteBuffer in) throws IOException {
        long count = varint(in);
        if (count < 0 || count > in.remaining()) {
            throw new IOException("its description declares more than it holds");
        }
        return count;
    }

    private static long varint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("its description is damaged");
    }

    private static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
