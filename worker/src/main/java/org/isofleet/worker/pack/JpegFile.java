package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * What a JPEG file says of itself before its picture. All application segments and comments are dropped: Java's decoder fails on odd
 * ones, and profiles, thumbnails and orientation are not used here. What two of them say of the colours is kept in {@link Colours}.
 *
 * @param width in pixels
 * @param height in pixels
 * @param colours what the components mean
 * @param picture the file without those segments
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record JpegFile(int width, int height, Colours colours, byte[] picture) {
    /** What the components of a JPEG mean, by the rules of the IJG's library (jdapimin.c, default_decompress_parms). */
    enum Colours {
        GREY,
        RGB,
        YCC,
        /** Ink as is: 255 is full. */
        CMYK,
        /** Ink as Adobe writes it: 0 is full. */
        INVERTED_CMYK,
        INVERTED_YCCK
    }

    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int COM = 0xFE;

    /** Pixels that a byte can stand for, twice over: a block of 64 pixels takes at least a bit, for the difference of its mean. */
    private static final long MOST_PIXELS_A_BYTE = 2 * 8 * 64;

    static boolean is(byte[] file) {
        return file.length >= 3 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xFF) == SOI && (file[2] & 0xFF) == 0xFF;
    }

    static JpegFile parse(byte[] file) throws DamagedImageException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, 2);
        boolean jfif = false;
        int adobe = -1;
        byte[] frame = {};
        int at = 2;
        while (true) {
            at = marker(file, at);
            int marker = file[at - 1] & 0xFF;
            if ((marker >= 0xD0 && marker <= SOI) || marker == 0x01) {
                continue;
            }
            if (marker == EOI) {
                throw new DamagedImageException("is damaged: it ends before its picture");
            }
            int length = at + 2 <= file.length ? (file[at] & 0xFF) << 8 | (file[at + 1] & 0xFF) : 0;
            if (length < 2 || length > file.length - at) {
                throw new DamagedImageException("is cut short or damaged");
            }
            byte[] body = Arrays.copyOfRange(file, at + 2, at + length);
            if (marker == SOS) {
                break;
            } else if (marker == 0xE0) {
                jfif |= begins(body, "JFIF\0");
            } else if (marker == 0xEE && begins(body, "Adobe") && body.length >= 12) {
                adobe = body[11] & 0xFF;
            } else if (isFrame(marker)) {
                if (frame.length > 0) {
                    throw new DamagedImageException("is damaged: it has two frames");
                }
                frame = checked(marker, body);
            }
            if ((marker & 0xF0) != 0xE0 && marker != COM) {
                kept.write(file, at - 2, length + 2);
            }
            at += length;
        }
        if (frame.length == 0) {
            throw new DamagedImageException("is damaged: it has no frame");
        }
        kept.write(file, at - 2, file.length - at + 2);
        int height = (frame[1] & 0xFF) << 8 | (frame[2] & 0xFF);
        int width = (frame[3] & 0xFF) << 8 | (frame[4] & 0xFF);
        requireBounded(width, height, file.length - at);
        return new JpegFile(width, height, colours(frame, jfif, adobe), kept.toByteArray());
    }

    /** The position after the next marker. */
    private static int marker(byte[] file, int from) throws DamagedImageException {
        int at = from;
        while (at < file.length && (file[at] & 0xFF) != 0xFF) {
            at++;
        }
        while (at < file.length && (file[at] & 0xFF) == 0xFF) {
            at++;
        }
        if (at >= file.length) {
            throw new DamagedImageException("is cut short");
        }
        return at + 1;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static byte[] checked(int marker, byte[] frame) throws DamagedImageException {
        if (marker > 0xC2) {
            throw new DamagedImageException("is a lossless, hierarchical or arithmetic JPEG; only Huffman-coded"
                    + " baseline and progressive ones are read");
        }
        if (frame.length < 6 || frame.length < 6 + 3 * (frame[5] & 0xFF)) {
            throw new DamagedImageException("is damaged in its frame");
        }
        if (frame[0] != 8) {
            throw new DamagedImageException("has " + frame[0] + " bits a value; only 8 are read");
        }
        return frame;
    }

    private static void requireBounded(int width, int height, long bytes) throws DamagedImageException {
        if (width < 1 || height < 1 || (long) width * height > Picture.MOST_PIXELS) {
            throw new DamagedImageException(
                    "declares " + width + " x " + height + " pixels; 1 to " + Picture.MOST_PIXELS + " are read");
        }
        if ((long) width * height > bytes * MOST_PIXELS_A_BYTE) {
            throw new DamagedImageException(
                    "is damaged: " + bytes + " bytes cannot hold " + width + " x " + height + " pixels");
        }
    }

    private static Colours colours(byte[] frame, boolean jfif, int adobe) throws DamagedImageException {
        boolean named = frame[5] == 3 && frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
        return switch (frame[5]) {
            case 1 -> Colours.GREY;
            case 3 -> !jfif && (adobe == 0 || (adobe < 0 && named)) ? Colours.RGB : Colours.YCC;
            case 4 -> adobe < 0 ? Colours.CMYK : adobe == 2 ? Colours.INVERTED_YCCK : Colours.INVERTED_CMYK;
            default -> throw new DamagedImageException("has " + frame[5] + " components; 1, 3 and 4 are read");
        };
    }

    private static boolean begins(byte[] body, String text) {
        byte[] wanted = text.getBytes(US_ASCII);
        return body.length >= wanted.length && Arrays.equals(body, 0, wanted.length, wanted, 0, wanted.length);
    }
}
