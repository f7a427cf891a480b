package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isofleet.worker.data.ImageSetException;

/**
 * The head of an array in NumPy's format (numpy.lib.format, versions 1 to 3): magic, version, length, and a Python dictionary of type,
 * order and shape.
 *
 * @param type as NumPy writes it: {@code |u1}, {@code <i8}
 * @param columnMajor whether the first dimension is the fastest
 * @param shape from the slowest dimension on, where it is not column-major
 * @param bytes of the head
 */
record NpyHeader(String type, boolean columnMajor, java.util.List<Long> shape, int bytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MOST_BYTES = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']{1,16})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9,\\s]{0,200})\\)");

    /** @param place for messages */
    static NpyHeader read(InputStream stream, String place) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new ImageSetException(place + " is no array in NumPy's format; fetch it again");
        }
        boolean first = start[MAGIC.length] == 1;
        byte[] size = in.readNBytes(first ? 2 : 4);
        long length = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            length = length << 8 | (size[i] & 0xFF);
        }
        if (length > MOST_BYTES) {
            throw damaged(place);
        }
        byte[] body = in.readNBytes((int) length);
        String text = new String(body, ISO_8859_1);
        Matcher type = TYPE.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (body.length < length || !type.find() || !order.find() || !shape.find()) {
            throw damaged(place);
        }
        return new NpyHeader(
                type.group(1),
                order.group(1).equals("True"),
                dimensions(shape.group(1), place),
                start.length + size.length + body.length);
    }

    private static java.util.List<Long> dimensions(String list, String place) throws ImageSetException {
        java.util.List<Long> dimensions = new java.util.ArrayList<>();
        long values = 1;
        for (String number : list.split(",")) {
            if (number.isBlank()) {
                continue;
            }
            String digits = number.strip();
            if (digits.length() > 12 || !digits.matches("\\d+")) {
                throw damaged(place);
            }
            dimensions.add(Long.parseLong(digits));
            values = Math.multiplyHigh(values, dimensions.get(dimensions.size() - 1)) != 0
                    ? -1
                    : values * dimensions.get(dimensions.size() - 1);
            if (values < 0 || values > 1L << 50) {
                throw damaged(place);
            }
        }
        return dimensions;
    }

    private static ImageSetException damaged(String place) {
        return new ImageSetException(place + " has no head that NumPy could have written; fetch it again");
    }

    long values() {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }
}
