import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/**
 * Makes the embedded image resources from the sheets of the emoji-datasource packages; needs nothing but a JDK. See README.md.
 *
 * <p>Usage: {@code java PackEmoji.java ROWS.tsv OUT NAME=SHEETS NAME=SHEETS}, where SHEETS is a folder with 16.png, 32.png and 64.png.
 * With {@code -Dbalance=true} it only prints how even the splits are under each salt.
 */
public final class PackEmoji {
    private static final int[] RESOLUTIONS = {16, 32, 64};

    /** Each image of a sheet has a transparent pixel around it. */
    private static final int BORDER = 1;

    /** Changes the split of every concept; the number is the one of 0..99 with which every class comes nearest to its share of each split. */
    private static final String SALT = "isofleet emoji split 42";

    /** How far back, in images of the same concept, an image may refer to a similar one. */
    private static final int REACH = 40;

    private record Row(String code, int column, int line, String category, String concept) {}

    public static void main(String[] arguments) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] f = line.split("\t");
            rows.add(new Row(f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2]), f[3], f[4]));
        }
        Path out = Path.of(arguments[1]);
        Map<String, Path> vendors = new TreeMap<>();
        for (String argument : Arrays.asList(arguments).subList(2, arguments.length)) {
            vendors.put(argument.split("=", 2)[0], Path.of(argument.split("=", 2)[1]));
        }
        Map<String, String> group = new HashMap<>();
        rows.forEach(row -> group.put(row.concept(), row.concept()));
        for (String vendor : vendors.keySet()) {
            for (int resolution : RESOLUTIONS) {
                byte[][] images = cut(vendors.get(vendor), resolution, rows);
                if (resolution == 16) {
                    joinEqual(rows, images, group);
                }
                if (Boolean.getBoolean("balance")) {
                    continue;
                }
                Path file = out.resolve(vendor + "-" + resolution);
                Files.write(file, pack(images, resolution, rows));
                System.out.println(file + " " + Files.size(file) + " bytes");
            }
        }
        if (Boolean.getBoolean("balance")) {
            balance(rows, group);
        }
        StringBuilder index = new StringBuilder();
        for (Row row : rows) {
            String root = root(group, row.concept());
            index.append(String.join("\t", row.code(), split(root, SALT), row.category(), row.concept(), root)).append('\n');
        }
        Files.writeString(out.resolve("emoji.tsv"), index);
    }

    /** Cuts a sheet into images, over white: [channel][row][column]. */
    private static byte[][] cut(Path sheets, int resolution, List<Row> rows) throws IOException {
        BufferedImage sheet = ImageIO.read(sheets.resolve(resolution + ".png").toFile());
        int cell = resolution + 2 * BORDER;
        byte[][] images = new byte[rows.size()][];
        for (int i = 0; i < images.length; i++) {
            Row row = rows.get(i);
            byte[] image = new byte[3 * resolution * resolution];
            for (int y = 0; y < resolution; y++) {
                for (int x = 0; x < resolution; x++) {
                    int argb = sheet.getRGB(row.column() * cell + BORDER + x, row.line() * cell + BORDER + y);
                    int alpha = argb >>> 24;
                    for (int c = 0; c < 3; c++) {
                        int value = argb >>> (16 - 8 * c) & 0xFF;
                        image[(c * resolution + y) * resolution + x] =
                                (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
                    }
                }
            }
            images[i] = image;
        }
        return images;
    }

    /** Puts concepts into one group that hold an image that is equal at 16x16 and 16 levels, such as the flags of a country and its islands. */
    private static void joinEqual(List<Row> rows, byte[][] images, Map<String, String> group) {
        Map<String, String> first = new HashMap<>();
        for (int i = 0; i < images.length; i++) {
            byte[] coarse = images[i].clone();
            for (int k = 0; k < coarse.length; k++) {
                coarse[k] = (byte) ((coarse[k] & 0xFF) >> 4);
            }
            String key = new String(coarse, StandardCharsets.ISO_8859_1);
            String concept = root(group, rows.get(i).concept());
            String other = first.putIfAbsent(key, concept);
            if (other != null && !root(group, other).equals(concept)) {
                String a = root(group, other);
                System.out.println("equal: " + a + " = " + concept);
                group.put(a.compareTo(concept) < 0 ? concept : a, a.compareTo(concept) < 0 ? a : concept);
            }
        }
    }

    private static String root(Map<String, String> group, String concept) {
        String at = concept;
        while (!group.get(at).equals(at)) {
            at = group.get(at);
        }
        return at;
    }

    /** 80 % train, 8 % validation, 12 % test, by a hash of the group's name. */
    private static String split(String group, String salt) {
        byte[] digest = sha256((salt + "\n" + group).getBytes(StandardCharsets.UTF_8));
        double at = ((digest[0] & 0xFF) << 16 | (digest[1] & 0xFF) << 8 | (digest[2] & 0xFF)) / (double) (1 << 24);
        return at < 0.80 ? "train" : at < 0.88 ? "validation" : "test";
    }

    /** Prints how far each salt's splits are from 80, 8 and 12 % of each class. */
    private static void balance(List<Row> rows, Map<String, String> group) {
        Map<String, Double> shares = Map.of("train", 0.80, "validation", 0.08, "test", 0.12);
        for (int s = 0; s < 100; s++) {
            Map<String, Map<String, Integer>> counts = new TreeMap<>();
            for (Row row : rows) {
                counts.computeIfAbsent(row.category(), c -> new TreeMap<>())
                        .merge(split(root(group, row.concept()), "isofleet emoji split " + s), 1, Integer::sum);
            }
            double worst = 0;
            for (Map<String, Integer> split : counts.values()) {
                double all = split.values().stream().mapToInt(Integer::intValue).sum();
                for (Map.Entry<String, Double> share : shares.entrySet()) {
                    double is = split.getOrDefault(share.getKey(), 0) / all;
                    worst = Math.max(worst, Math.abs(is - share.getValue()) / share.getValue());
                }
            }
            System.out.printf("salt %d worst %.3f %s%n", s, worst, counts);
        }
    }

    /**
     * The images as big-endian fields: count (4 bytes), resolution (4), then for each image the filter (1), how many images back its
     * reference is (1, 0 for none), and its residual. Read, after xz, by org.isofleet.worker.data.EmbeddedImages.
     */
    private static byte[] pack(byte[][] images, int resolution, List<Row> rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(images.length);
            out.writeInt(resolution);
            for (int i = 0; i < images.length; i++) {
                int best = Integer.MAX_VALUE;
                int bestFilter = 0;
                int bestBack = 0;
                byte[] bestResidual = {};
                for (int back = 0; back <= Math.min(i, REACH); back++) {
                    if (back > 0 && !rows.get(i - back).concept().equals(rows.get(i).concept())) {
                        break;
                    }
                    for (int filter = 0; filter < 3; filter++) {
                        byte[] residual = residual(images[i], back == 0 ? null : images[i - back], filter, resolution);
                        int size = deflated(residual);
                        if (size < best) {
                            best = size;
                            bestFilter = filter;
                            bestBack = back;
                            bestResidual = residual;
                        }
                    }
                }
                out.writeByte(bestFilter);
                out.writeByte(bestBack);
                out.write(bestResidual);
            }
        }
        return bytes.toByteArray();
    }

    /** What is left after subtracting the reference image, green from red and blue, and a prediction from the neighbours. */
    private static byte[] residual(byte[] image, byte[] reference, int filter, int resolution) {
        int area = resolution * resolution;
        byte[] difference = image.clone();
        if (reference != null) {
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= reference[i];
            }
        }
        for (int i = 0; i < area; i++) {
            difference[i] -= difference[area + i];
            difference[2 * area + i] -= difference[area + i];
        }
        byte[] residual = new byte[image.length];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < resolution; y++) {
                for (int x = 0; x < resolution; x++) {
                    int at = (c * resolution + y) * resolution + x;
                    residual[at] = (byte) (difference[at] - predict(difference, at, x, y, resolution, filter));
                }
            }
        }
        return residual;
    }

    /** Filter 0 nothing, 1 the pixel above, 2 the median predictor of LOCO-I (Weinberger, Seroussi, Sapiro 2000). */
    private static int predict(byte[] values, int at, int x, int y, int resolution, int filter) {
        int left = x > 0 ? values[at - 1] & 0xFF : 0;
        int above = y > 0 ? values[at - resolution] & 0xFF : 0;
        int corner = x > 0 && y > 0 ? values[at - resolution - 1] & 0xFF : 0;
        return switch (filter) {
            case 0 -> 0;
            case 1 -> y > 0 ? above : left;
            default -> corner >= Math.max(left, above)
                    ? Math.min(left, above)
                    : corner <= Math.min(left, above) ? Math.max(left, above) : left + above - corner;
        };
    }

    private static int deflated(byte[] bytes) throws IOException {
        int[] size = {0};
        Deflater deflater = new Deflater(6, true);
        try (OutputStream out = new DeflaterOutputStream(new OutputStream() {
            @Override
            public void write(int b) {
                size[0]++;
            }

            @Override
            public void write(byte[] b, int from, int length) {
                size[0] += length;
            }
        }, deflater)) {
            out.write(bytes);
        }
        deflater.end();
        return size[0];
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
