package org.isofleet.worker.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.isofleet.worker.data.ImageSetException;

/**
 * One archive of a downsampled ImageNet: {@code data}, bytes of the shape images x 3 s^2 ([channel][row][column]; or images x 3 x s x s),
 * and {@code labels}, integers. Other arrays, such as {@code mean}, are not looked at.
 *
 * @param file the archive
 * @param name as samples are named
 * @param side s
 * @param labels as stored
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record NpzFile(Path file, String name, int side, int[] labels) {
    private static final String DATA = "data.npy";
    private static final String LABELS = "labels.npy";

    /** A byte of deflate unpacks to at most this many. */
    private static final long MOST_UNPACKED = 1032;

    static NpzFile open(Path file, String name) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            NpyHeader data;
            try (InputStream in = entry(zip, file, DATA)) {
                data = header(in, zip, file, DATA);
            }
            int side = side(data, file);
            int[] labels = labels(zip, file, data.shape().get(0));
            return new NpzFile(file, name, side, labels);
        } catch (ZipException | IllegalArgumentException e) {
            // A damaged directory is an IllegalArgumentException where a name in it is no text.
            throw damaged(file, e);
        } catch (ImageSetException | java.nio.file.FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    private static ImageSetException damaged(Path file, Exception e) {
        String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return new ImageSetException(
                file + " is damaged: " + reason + "; fetch it again",
                e instanceof IOException io ? io : new IOException(e));
    }

    private static InputStream entry(ZipFile zip, Path file, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new ImageSetException(file + " holds no array '" + name.replace(".npy", "")
                    + "'; an archive of images holds data and labels");
        }
        return zip.getInputStream(entry);
    }

    /** The head of an array, held against the length of its entry, and that against the length of the archive. */
    private static NpyHeader header(InputStream in, ZipFile zip, Path file, String name) throws IOException {
        String place = file + " (" + name.replace(".npy", "") + ")";
        NpyHeader header = NpyHeader.read(in, place);
        if (header.type().endsWith("O")) {
            throw new ImageSetException(place + " holds pickled Python objects, which may run code when they are read;"
                    + " load and save it in Python with numpy.savez(name, data=..., labels=numpy.array(...))");
        }
        long size = zip.getEntry(name).getSize();
        if (header.bytes() + header.values() * itemBytes(header, place) != size
                || size > file.toFile().length() * MOST_UNPACKED) {
            throw new ImageSetException(
                    place + " does not have the length of its shape " + header.shape() + "; fetch it again");
        }
        return header;
    }

    private static int itemBytes(NpyHeader header, String place) throws ImageSetException {
        if (!header.type().matches("[<>|=][iu][1248]")) {
            throw new ImageSetException(
                    place + " has values of type " + header.type().replaceAll("[^\\x20-\\x7E]", "?")
                            + ", not integers; save images as uint8 and labels as int64");
        }
        return header.type().charAt(2) - '0';
    }

    private static int side(NpyHeader data, Path file) throws ImageSetException {
        if (!data.type().equals("|u1")) {
            throw new ImageSetException(
                    file + " (data) has values of type " + data.type() + ", not uint8 (|u1); save it as uint8");
        }
        long length = data.shape().isEmpty() || data.shape().get(0) == 0
                ? 0
                : data.values() / data.shape().get(0);
        int side = (int) Math.sqrt(length / 3.0);
        boolean flat = data.shape().size() == 2;
        boolean planes = data.shape().size() == 4
                && data.shape().get(1) == 3
                && data.shape().get(2).equals(data.shape().get(3));
        if (side < 1 || side > 1024 || length != 3L * side * side || !(flat || planes) || data.columnMajor()) {
            throw new ImageSetException(file + " (data) has the shape " + data.shape()
                    + (data.columnMajor() ? ", column-major" : "")
                    + ", not images x (3 x side x side); save it so");
        }
        if (data.shape().get(0) > Integer.MAX_VALUE / 8) {
            throw new ImageSetException(file + " holds more images than an archive can; cut it into several");
        }
        return side;
    }

    private static int[] labels(ZipFile zip, Path file, long images) throws IOException {
        String place = file + " (labels)";
        try (InputStream in = new java.io.BufferedInputStream(entry(zip, file, LABELS), 1 << 16)) {
            NpyHeader header = header(in, zip, file, LABELS);
            if (header.values() != images) {
                throw new ImageSetException(
                        file + " holds " + images + " images but " + header.values() + " labels; fetch it again");
            }
            int bytes = itemBytes(header, place);
            boolean bigEndian = header.type().charAt(0) == '>';
            int[] labels = new int[(int) images];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = label(
                        in.readNBytes(bytes), bytes, bigEndian, header.type().charAt(1) == 'i', place);
            }
            return labels;
        }
    }

    private static int label(byte[] item, int bytes, boolean bigEndian, boolean signed, String place)
            throws ImageSetException {
        if (item.length < bytes) {
            throw new ImageSetException(place + " is cut short; fetch it again");
        }
        long value = signed ? item[bigEndian ? 0 : bytes - 1] : item[bigEndian ? 0 : bytes - 1] & 0xFF;
        for (int b = 1; b < bytes; b++) {
            value = value << 8 | (item[bigEndian ? b : bytes - 1 - b] & 0xFF);
        }
        if (value < 0 || value > Short.MAX_VALUE - 1) {
            throw new ImageSetException(place + " holds the label " + value + ", outside 0 to " + (Short.MAX_VALUE - 1)
                    + "; fetch it again");
        }
        return (int) value;
    }

    /** The images from the first on. */
    InputStream images() throws IOException {
        ZipFile zip = new ZipFile(file.toFile());
        try {
            InputStream in = entry(zip, file, DATA);
            header(in, zip, file, DATA);
            return new java.io.FilterInputStream(new java.io.BufferedInputStream(in, 1 << 16)) {
                @Override
                public void close() throws IOException {
                    zip.close();
                }
            };
        } catch (IOException e) {
            zip.close();
            throw e;
        }
    }

    /** The next image, or one line about the archive. */
    byte[] next(InputStream images) throws IOException {
        int length = Picture.CHANNELS * side * side;
        try {
            byte[] image = images.readNBytes(length);
            if (image.length < length) {
                throw new ImageSetException(file + " (data) is cut short; fetch it again");
            }
            return image;
        } catch (ImageSetException e) {
            throw e;
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }
}
