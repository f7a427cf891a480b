package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small files in the formats of published data sets, written byte by byte. */
final class RealFormats {
    private RealFormats() {}

    /** Pixels of an image, [channel][row][column]. */
    static byte[] pixels(long seed, int side) {
        byte[] pixels = new byte[3 * side * side];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    /** CIFAR-10, two training batches and one test batch; image i of a file has the label i % 10 and the seed (file, i). */
    static Path cifar10(Path folder, int images) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < 3; file++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < images; i++) {
                out.write(i % 10);
                out.write(pixels(file * 1000L + i, 32));
            }
            String name = file == 2 ? "test_batch.bin" : "data_batch_" + (file + 1) + ".bin";
            Files.write(folder.resolve(name), out.toByteArray());
        }
        Files.writeString(
                folder.resolve("batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
        return folder;
    }

    /** CIFAR-100 with the coarse label i % 20 and the fine label i % 100. */
    static Path cifar100(Path folder, int images) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < 2; file++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < images; i++) {
                out.write(i % 20);
                out.write(i % 100);
                out.write(pixels(file * 1000L + i, 32));
            }
            Files.write(folder.resolve(file == 0 ? "train.bin" : "test.bin"), out.toByteArray());
        }
        return folder;
    }

    /** An array as numpy.save writes it, version 1. */
    static byte[] npy(String descr, String shape, byte[] values) {
        String head = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int length = head.length() + 1;
        length += (64 - (10 + length) % 64) % 64;
        ByteBuffer out = ByteBuffer.allocate(10 + length + values.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93).put("NUMPY".getBytes(ISO_8859_1)).put((byte) 1).put((byte) 0);
        out.putShort((short) length);
        byte[] padded = (head + " ".repeat(length - head.length() - 1) + "\n").getBytes(ISO_8859_1);
        return out.put(padded).put(values).array();
    }

    /** Archive of images with the labels 1 + i % classes, as numpy.savez or savez_compressed write it. */
    static void npz(Path file, int first, int images, int side, int classes, boolean compressed) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        ByteBuffer labels = ByteBuffer.allocate(8 * images).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < images; i++) {
            data.write(pixels(first + i, side));
            labels.putLong(1 + i % classes);
        }
        int length = 3 * side * side;
        zip(
                file,
                compressed,
                "data.npy",
                npy("|u1", "(" + images + ", " + length + ")", data.toByteArray()),
                "labels.npy",
                npy("<i8", "(" + images + ",)", labels.array()),
                "mean.npy",
                npy("<f8", "(" + length + ",)", new byte[8 * length]));
    }

    /** @param namesAndBytes name, content, name, content */
    static void zip(Path file, boolean compressed, Object... namesAndBytes) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream raw = Files.newOutputStream(file);
                ZipOutputStream out = new ZipOutputStream(raw)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                ZipEntry entry = new ZipEntry((String) namesAndBytes[i]);
                byte[] bytes = (byte[]) namesAndBytes[i + 1];
                if (!compressed) {
                    CRC32 crc = new CRC32();
                    crc.update(bytes);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(bytes.length);
                    entry.setCrc(crc.getValue());
                }
                out.putNextEntry(entry);
                out.write(bytes);
                out.closeEntry();
            }
        }
    }

    /** A ustar file of names and contents, as GNU tar and Python write them. */
    static byte[] tar(Object... namesAndBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndBytes.length; i += 2) {
            byte[] bytes = (byte[]) namesAndBytes[i + 1];
            ByteBuffer head = ByteBuffer.allocate(512);
            head.put(((String) namesAndBytes[i]).getBytes(UTF_8));
            head.position(100).put("0000644\0000000000\0000000000\000".getBytes(ISO_8859_1));
            head.position(124)
                    .put(String.format("%011o\0%011o\0        0", bytes.length, 0)
                            .getBytes(ISO_8859_1));
            head.position(257).put("ustar\00000".getBytes(ISO_8859_1));
            int sum = 0;
            for (byte b : head.array()) {
                sum += b & 0xFF;
            }
            head.position(148).put(String.format("%06o\0 ", sum).getBytes(ISO_8859_1));
            out.write(head.array());
            out.write(bytes);
            out.write(new byte[(512 - bytes.length % 512) % 512]);
        }
        out.write(new byte[1024]);
        return out.toByteArray();
    }

    /** Tar of samples with an image and a class; some have captions, some carry the class in JSON. */
    static byte[] webDataset(int first, int images, int classes) throws IOException {
        Object[] entries = new Object[3 * images];
        for (int i = 0; i < images; i++) {
            String key = String.format("./n%08d", first + i);
            boolean png = i % 2 == 0;
            int label = i % classes;
            entries[3 * i] = key + (png ? ".png" : ".JPG");
            entries[3 * i + 1] = png ? Pictures.png(first + i, 20, 16) : Pictures.jpeg(first + i, 16, 18);
            entries[3 * i + 2] = label;
        }
        Object[] flat = new Object[6 * images];
        for (int i = 0; i < images; i++) {
            String image = (String) entries[3 * i];
            String key = image.substring(0, image.lastIndexOf('.'));
            String label = String.valueOf(entries[3 * i + 2]);
            flat[6 * i] = image;
            flat[6 * i + 1] = entries[3 * i + 1];
            flat[6 * i + 2] = key + (i % 3 == 0 ? ".json" : ".cls");
            flat[6 * i + 3] = (i % 3 == 0 ? "{\"label\": " + label + ", \"w\": 1.5}" : label + "\n").getBytes(UTF_8);
            flat[6 * i + 4] = key + ".txt";
            flat[6 * i + 5] = "a caption".getBytes(UTF_8);
        }
        return tar(flat);
    }
}
