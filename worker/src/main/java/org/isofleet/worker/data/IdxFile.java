package org.isofleet.worker.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, the format of MNIST and its family, plain or gzipped: two zero bytes, type 0x08, number of dimensions,
 * the dimensions as 4-byte big-endian integers, then the values, last dimension fastest (LeCun, Cortes, Burges).
 *
 * @param dimensions count first
 * @param values all of them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record IdxFile(int[] dimensions, byte[] values) {
    int count() {
        return dimensions[0];
    }

    static IdxFile read(Path file, int expectedDimensions) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(unzipped(new BufferedInputStream(raw)))) {
            int magic = in.readInt();
            if (magic != (0x0800 | expectedDimensions)) {
                throw new ImageSetException(String.format(
                        "%s is no IDX file of %s: it begins with %08x, not %08x; fetch it again",
                        file, expectedDimensions == 1 ? "labels" : "images", magic, 0x0800 | expectedDimensions));
            }
            int[] dimensions = new int[expectedDimensions];
            long length = 1;
            for (int d = 0; d < dimensions.length; d++) {
                dimensions[d] = in.readInt();
                length *= dimensions[d];
                if (dimensions[d] < 1 || length > Integer.MAX_VALUE - 8) {
                    throw new ImageSetException(file + " is damaged in its dimensions; fetch it again");
                }
            }
            byte[] values = in.readNBytes((int) length);
            if (values.length < length) {
                throw new EOFException();
            }
            if (in.read() >= 0) {
                throw new ImageSetException(file + " has more bytes than its dimensions say; fetch it again");
            }
            return new IdxFile(dimensions, values);
        } catch (NoSuchFileException e) {
            throw new ImageSetException(file + " is missing; fetch it", e);
        } catch (EOFException e) {
            throw new ImageSetException(file + " is cut short; fetch it again", e);
        } catch (ZipException e) {
            throw new ImageSetException(file + " is damaged: " + e.getMessage() + "; fetch it again", e);
        }
    }

    private static InputStream unzipped(InputStream in) throws IOException {
        in.mark(2);
        boolean zipped = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return zipped ? new GZIPInputStream(in, 1 << 16) : in;
    }
}
