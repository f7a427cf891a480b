package org.isofleet.worker.pack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file whose chunks are whole and have their checksums, which Java's decoder does not look at. Only the chunks that make the
 * picture are kept: profiles, gamma and text are dropped, since nothing here uses them and each could unpack to any size.
 *
 * @param width in pixels
 * @param height in pixels
 * @param picture the file without the other chunks
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PngFile(int width, int height, byte[] picture) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    /** Length, type and CRC of a chunk. */
    private static final int FRAME = 12;

    private static final int HEADER = 13;

    /** A byte of deflate unpacks to at most this many (zlib's technical notes give 1032:1). */
    private static final long MOST_UNPACKED = 1032;

    static boolean is(byte[] file) {
        return file.length >= Long.BYTES && ByteBuffer.wrap(file).getLong() == SIGNATURE;
    }

    static PngFile parse(byte[] file) throws DamagedImageException {
        ByteBuffer in = ByteBuffer.wrap(file);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, Long.BYTES);
        in.position(Long.BYTES);
        ByteBuffer header = null;
        long packed = 0;
        for (String type = ""; !type.equals("IEND"); ) {
            int from = in.position();
            if (in.remaining() < FRAME) {
                throw new DamagedImageException("is cut short");
            }
            int length = in.getInt();
            if (length < 0 || length > in.remaining() - 2 * Integer.BYTES) {
                throw new DamagedImageException("is cut short or damaged");
            }
            type = new String(file, from + Integer.BYTES, Integer.BYTES, java.nio.charset.StandardCharsets.ISO_8859_1);
            CRC32 crc = new CRC32();
            crc.update(file, from + Integer.BYTES, Integer.BYTES + length);
            if ((int) crc.getValue() != in.getInt(from + 2 * Integer.BYTES + length)) {
                throw new DamagedImageException("is damaged: a chunk does not have its checksum");
            }
            if (header == null) {
                if (!type.equals("IHDR") || length != HEADER) {
                    throw new DamagedImageException("is damaged: it has no header");
                }
                header = ByteBuffer.wrap(file, from + 2 * Integer.BYTES, HEADER).slice();
            }
            packed += type.equals("IDAT") ? length : 0;
            if (KEPT.contains(type)) {
                kept.write(file, from, FRAME + length);
            }
            in.position(from + FRAME + length);
        }
        if (header == null) {
            throw new DamagedImageException("is damaged: it has no header");
        }
        int width = header.getInt();
        int height = header.getInt();
        long bits = bits(header.get(), header.get());
        if (width < 1 || height < 1 || (long) width * height > Picture.MOST_PIXELS) {
            throw new DamagedImageException(
                    "declares " + width + " x " + height + " pixels, more than " + Picture.MOST_PIXELS);
        }
        if (height * ((width * bits + 7) / 8) > packed * MOST_UNPACKED) {
            throw new DamagedImageException(
                    "is damaged: " + packed + " bytes cannot hold " + width + " x " + height + " pixels");
        }
        return new PngFile(width, height, kept.toByteArray());
    }

    /** Bits of a pixel; colour types by the PNG specification, section 11.2.1. */
    private static long bits(byte depth, byte colourType) throws DamagedImageException {
        int values = switch (colourType) {
            case 0, 3 -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> throw new DamagedImageException("is damaged: there is no colour type " + colourType);
        };
        if (depth < 1 || depth > 16) {
            throw new DamagedImageException("is damaged: there is no bit depth " + depth);
        }
        return (long) depth * values;
    }
}
