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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    /**
     * Noto again, split by base emoji: only skin tones stay together, so a man and a woman running may fall on both sides. Not for studies;
     * others have split so, and their held-out losses can be compared on this set only.
     */
    private static final String BY_EMOJI = "noto-by-emoji";

    private static final Pattern SKIN_TONE = Pattern.compile("-1F3F[B-F]");

    /** What can stand behind {@code embedded:}, and the vendors that it holds. */
    private static final Map<String, List<String>> SETS = new TreeMap<>(Map.of(
            "noto",
            List.of("noto"),
            BY_EMOJI,
            List.of("noto"),
            "twemoji",
            List.of("twemoji"),
            "emoji",
            List.of("noto", "twemoji")));

    /** A line of {@code emoji.tsv}, which lists the images of every vendor in the order of their resources. */
    private record Line(String code, Split split, String category, String group) {}

    /** Where an image lies in its vendor's resource, and what decides its place within its split. */
    private record Place(String vendor, int number, Line line, long order) {}

    private final String name;
    private final int resolution;
    private final String sha256;

    private EmbeddedImages(String name, int resolution, String sha256) {
        this.name = name;
        this.resolution = resolution;
        this.sha256 = sha256;
    }

    /** The set of a name, without {@code embedded:}, at all its resolutions. */
    static ImageSource source(String name) throws IOException {
        List<Integer> resolutions =
                sets(name).stream().map(set -> set.resolution).toList();
        return new ImageSource() {
            @Override
            public List<Integer> resolutions() {
                return resolutions;
            }

            @Override
            public String key(int resolution) throws IOException {
                return name + "-" + resolution + "-"
                        + of(name, resolution).sha256().substring(0, 16);
            }

            @Override
            public void packInto(Path folder, int resolution) throws IOException {
                of(name, resolution).packInto(folder);
            }
        };
    }

    /** Finds a set by its name, without {@code embedded:}. */
    static EmbeddedImages of(String name, int resolution) throws IOException {
        List<EmbeddedImages> sets = sets(name);
        return sets.stream()
                .filter(set -> set.resolution == resolution)
                .findFirst()
                .orElseThrow(() -> new ImageSetException(
                        "embedded:" + name + " has no images of " + resolution + " pixels; choose one of "
                                + sets.stream()
                                        .map(set -> String.valueOf(set.resolution))
                                        .collect(Collectors.joining(", "))));
    }

    private static List<EmbeddedImages> sets(String name) throws IOException {
        if (!SETS.containsKey(name)) {
            throw new ImageSetException("there are no images embedded:" + name + "; choose one of embedded:"
                    + String.join(", embedded:", SETS.keySet()));
        }
        return lines("embedded.tsv").stream()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields[0].equals(name))
                .map(fields -> new EmbeddedImages(name, Integer.parseInt(fields[1]), fields[2]))
                .toList();
    }

    /** What the packed set's digest is; a test holds it to be so. */
    String sha256() {
        return sha256;
    }

    /** Unpacks the set into a folder. */
    void packInto(Path folder) throws IOException {
        List<Place> places = places(name);
        List<String> classes = places.stream()
                .map(p -> p.line().category())
                .distinct()
                .sorted()
                .toList();
        Map<String, byte[][]> values = new TreeMap<>();
        for (String vendor : SETS.getOrDefault(name, List.of())) {
            values.put(
                    vendor,
                    decode(
                            vendor,
                            places.size() / SETS.getOrDefault(name, List.of()).size()));
        }
        try (PackedSetWriter writer = new PackedSetWriter(folder, resolution, 3, classes)) {
            writer.requireSpace(places.size() * (ShardHeader.imageBytes(resolution, 3) + 64L));
            for (Place place : places) {
                byte[] image = values.getOrDefault(place.vendor(), new byte[0][])[place.number()];
                writer.add(place.line().split(), classes.indexOf(place.line().category()), image, 0);
            }
            writer.commit();
        }
    }

    /** The group of concepts that each image of a split belongs to, in the order of the packed set. */
    static List<String> groups(String name, Split split) throws IOException {
        return places(name).stream()
                .filter(p -> p.line().split() == split)
                .map(p -> p.line().group())
                .toList();
    }

    /** All images of a set in packed order. */
    private static List<Place> places(String name) throws IOException {
        List<Line> index = new ArrayList<>();
        for (String line : lines("emoji.tsv")) {
            String[] fields = line.split("\t", -1);
            Split split =
                    name.equals(BY_EMOJI) ? splitByEmoji(fields[0]) : Split.valueOf(fields[1].toUpperCase(Locale.ROOT));
            index.add(new Line(fields[0], split, fields[2], fields[4]));
        }
        List<Place> places = new ArrayList<>();
        for (String vendor : SETS.getOrDefault(name, List.of())) {
            for (int i = 0; i < index.size(); i++) {
                byte[] key = (vendor + " " + index.get(i).code()).getBytes(UTF_8);
                places.add(new Place(vendor, i, index.get(i), Hash64.of(key, 0, key.length)));
            }
        }
        places.sort(Comparator.comparingLong(Place::order));
        return places;
    }

    /** 80 % train, 8 % validation, 12 % test, by a hash of the emoji without its skin tones. */
    private static Split splitByEmoji(String code) {
        byte[] base = SKIN_TONE.matcher(code).replaceAll("").getBytes(UTF_8);
        double at = (Hash64.of(base, 0, base.length) >>> 11) * 0x1.0p-53;
        return at < 0.80 ? Split.TRAIN : at < 0.88 ? Split.VALIDATION : Split.TEST;
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
