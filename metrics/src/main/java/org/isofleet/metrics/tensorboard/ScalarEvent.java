package org.isofleet.metrics.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scalars of one step, as the protocol buffer {@code tensorflow.Event} of TensorFlow's {@code event.proto} and {@code summary.proto}: wall time
 * (1), step (2), file version (3), summary (5) of values (1) with tag (1) and simple value (2).
 *
 * @param wallTime seconds since 1970
 * @param scalars by tag
 */
record ScalarEvent(double wallTime, long step, Map<String, Float> scalars) {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    ScalarEvent {
        scalars = Map.copyOf(scalars);
    }

    static ScalarEvent of(Instant at, long step, Map<String, Float> scalars) {
        return new ScalarEvent(seconds(at), step, scalars);
    }

    /** What the first record of a file says. */
    static byte[] fileVersion(Instant at) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        fixed64(event, 1, seconds(at));
        bytes(event, 3, "brain.Event:2".getBytes(StandardCharsets.US_ASCII));
        return event.toByteArray();
    }

    private static double seconds(Instant at) {
        return at.getEpochSecond() + at.getNano() / 1e9;
    }

    byte[] encoded() {
        ByteArrayOutputStream summary = new ByteArrayOutputStream();
        new TreeMap<>(scalars).forEach((tag, value) -> {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            bytes(one, 1, tag.getBytes(StandardCharsets.UTF_8));
            varint(one, 2 << 3 | FIXED_32);
            little(one, 4, Float.floatToRawIntBits(value));
            bytes(summary, 1, one.toByteArray());
        });
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        fixed64(event, 1, wallTime);
        varint(event, 2 << 3 | VARINT);
        varint(event, step);
        bytes(event, 5, summary.toByteArray());
        return event.toByteArray();
    }

    private static void fixed64(ByteArrayOutputStream out, int field, double value) {
        varint(out, (long) field << 3 | FIXED_64);
        little(out, 8, Double.doubleToRawLongBits(value));
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] bytes) {
        varint(out, (long) field << 3 | BYTES);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static void little(ByteArrayOutputStream out, int size, long bits) {
        for (int i = 0; i < size; i++) {
            out.write((int) (bits >>> (8 * i)));
        }
    }

    /**
     * Reads what {@link #encoded} writes; fields of others are passed over.
     *
     * @throws IllegalArgumentException when it is no protocol buffer
     */
    static ScalarEvent decoded(ByteBuffer record) {
        double wallTime = 0;
        long step = 0;
        Map<String, Float> scalars = new TreeMap<>();
        ByteBuffer in = record.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int key = (int) varint(in);
            if (key == (1 << 3 | FIXED_64)) {
                wallTime = in.getDouble();
            } else if (key == (2 << 3 | VARINT)) {
                step = varint(in);
            } else if (key == (5 << 3 | BYTES)) {
                summary(part(in), scalars);
            } else {
                pass(in, key);
            }
        }
        return new ScalarEvent(wallTime, step, scalars);
    }

    private static void summary(ByteBuffer in, Map<String, Float> scalars) {
        while (in.hasRemaining()) {
            int key = (int) varint(in);
            if (key == (1 << 3 | BYTES)) {
                value(part(in), scalars);
            } else {
                pass(in, key);
            }
        }
    }

    private static void value(ByteBuffer in, Map<String, Float> scalars) {
        String tag = "";
        Float number = null;
        while (in.hasRemaining()) {
            int key = (int) varint(in);
            if (key == (1 << 3 | BYTES)) {
                tag = StandardCharsets.UTF_8.decode(part(in)).toString();
            } else if (key == (2 << 3 | FIXED_32)) {
                number = in.getFloat();
            } else {
                pass(in, key);
            }
        }
        if (number != null) {
            scalars.put(tag, number);
        }
    }

    private static ByteBuffer part(ByteBuffer in) {
        long size = varint(in);
        if (size < 0 || size > in.remaining()) {
            throw new IllegalArgumentException("a part of an event is longer than the event");
        }
        ByteBuffer part = in.slice(in.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + (int) size);
        return part;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of an event does not end");
    }

    private static void pass(ByteBuffer in, int key) {
        switch (key & 7) {
            case VARINT -> varint(in);
            case FIXED_64 -> in.position(in.position() + 8);
            case BYTES -> part(in);
            case FIXED_32 -> in.position(in.position() + 4);
            default -> throw new IllegalArgumentException("an event has a field of an unknown kind");
        }
    }
}
