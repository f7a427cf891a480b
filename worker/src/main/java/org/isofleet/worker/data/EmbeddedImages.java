package org.isofleet.worker.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.worker.data.ImageSet.Split;
import org.tukaani.xz.XZInputStream;

/**
 * The images that come with the program: Noto Emoji and Twemoji at 16 and 32 pixels, Noto at 64 too, over white. Nine classes, the
 * categories of Unicode. Concepts, not images, are split into train, validation and test; see {@code src/main/images/README.md}, which
 * makes the resources.
 *
 * <p>Within a split the images lie in an order scattered by a hash, so that the first k of them are a fair sample.
 */
final class EmbeddedImages {
    /** What can stand behind {@code embedded:}, and the vendors that it holds. */
    private static final Map<String, List<String>> SETS = new TreeMap<>(
            Map.of("noto", List.of("noto"), "twemoji", List.of("twemoji"), "emoji", List.of("noto", "twemoji")));

    /** A line of {@code emoji.tsv}, which lists the images of every vendor in the order of their resources. */
    private record Line(String code, Split split, String category) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Image(long order, Split split, int label, byte[] values) {}

    private final String name;
    private final int resolution;
    private final String sha256;

    private EmbeddedImages(String name, int resolution, String sha256) {
        this.name = name;
        this.resolution = resolution;
        this.sha256 = sha256;
    }

    /** Finds a set by its name, without {@code embedded:}. */
    static EmbeddedImages of(String name, int resolution) throws IOException {
        if (!SETS.containsKey(name)) {
            throw new ImageSetException("there are no images embedded:" + name + "; choose one of embedded:"
                    + String.join(", embedded:", SETS.keySet()));
        }
        List<String> resolutions = new ArrayList<>();
        for (String line : lines("embedded.tsv")) {
            String[] fields = line.split("\t", -1);
            if (fields[0].equals(name)) {
                if (fields[1].equals(String.valueOf(resolution))) {
                    return new EmbeddedImages(name, resolution, fields[2]);
                }
                resolutions.add(fields[1]);
            }
        }
        throw new ImageSetException("embedded:" + name + " has no images of " + resolution + " pixels; choose one of "
                + String.join(", ", resolutions));
    }

    /** What the packed set's digest is; a test holds it to be so. */
    String sha256() {
        return sha256;
    }

    /** Unpacks the set into a folder. */
    void packInto(Path folder) throws IOException {
        List<Line> index = new ArrayList<>();
        for (String line : lines("emoji.tsv")) {
            String[] fields = line.split("\t", -1);
            index.add(new Line(fields[0], Split.valueOf(fields[1].toUpperCase(Locale.ROOT)), fields[2]));
        }
        List<String> classes =
                index.stream().map(Line::category).distinct().sorted().toList();
        List<Image> images = new ArrayList<>();
        for (String vendor : SETS.getOrDefault(name, List.of())) {
            byte[][] values = decode(vendor, index.size());
            for (int i = 0; i < values.length; i++) {
                Line line = index.get(i);
                byte[] key = (vendor + " " + line.code()).getBytes(UTF_8);
                images.add(new Image(
                        Hash64.of(key, 0, key.length), line.split(), classes.indexOf(line.category()), values[i]));
            }
        }
        images.sort(Comparator.comparingLong(Image::order));
        try (PackedSetWriter writer = new PackedSetWriter(folder, resolution, 3, classes)) {
            writer.requireSpace(images.size() * (ShardHeader.imageBytes(resolution, 3) + 64L));
            for (Image image : images) {
                writer.add(image.split(), image.label(), image.values(), 0);
            }
            writer.commit();
        }
    }

    private byte[][] decode(String vendor, int count) throws IOException {
        try (DataInputStream in = new DataInputStream(new XZInputStream(resource(vendor + "-" + resolution + ".xz")))) {
            int images = in.readInt();
            int side = in.readInt();
            if (images != count || side != resolution) {
                throw new IllegalStateException(vendor + "-" + resolution + ".xz holds others than emoji.tsv lists");
            }
            byte[][] values = new byte[images][];
            for (int i = 0; i < images; i++) {
                int filter = in.readUnsignedByte();
                int back = in.readUnsignedByte();
                byte[] residual = new byte[ShardHeader.imageBytes(resolution, 3)];
                in.readFully(residual);
                values[i] = restore(residual, filter, back == 0 ? new byte[residual.length] : values[i - back]);
            }
            return values;
        }
    }

    /** Undoes, in this order, the prediction from neighbours, the difference to green, and that to a similar image. */
    private byte[] restore(byte[] values, int filter, byte[] reference) {
        for (int at = 0, c = 0; c < 3; c++) {
            for (int y = 0; y < resolution; y++) {
                for (int x = 0; x < resolution; x++, at++) {
                    values[at] += (byte) predict(values, at, x, y, filter);
                }
            }
        }
        int area = resolution * resolution;
        for (int i = 0; i < area; i++) {
            values[i] += values[area + i];
            values[2 * area + i] += values[area + i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += reference[i];
        }
        return values;
    }

    /** Filter 0 nothing, 1 the pixel above, 2 the median predictor of LOCO-I (Weinberger, Seroussi, Sapiro 2000). */
    private int predict(byte[] values, int at, int x, int y, int filter) {
        int left = x > 0 ? values[at - 1] & 0xFF : 0;
        int above = y > 0 ? values[at - resolution] & 0xFF : 0;
        int corner = x > 0 && y > 0 ? values[at - resolution - 1] & 0xFF : 0;
        if (filter == 0) {
            return 0;
        }
        if (filter == 1) {
            return y > 0 ? above : left;
        }
        if (corner >= Math.max(left, above)) {
            return Math.min(left, above);
        }
        return corner <= Math.min(left, above) ? Math.max(left, above) : left + above - corner;
    }

    private static List<String> lines(String resource) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource(resource), UTF_8))) {
            return reader.lines().toList();
        }
    }

    private static InputStream resource(String name) {
        InputStream stream = EmbeddedImages.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalStateException("the program lacks its resource " + name);
        }
        return stream;
    }
}
