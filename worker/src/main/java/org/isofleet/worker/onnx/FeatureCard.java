package org.isofleet.worker.onnx;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a feature network wants of images and where its features come out: a small HOCON file beside the ONNX model.
 *
 * @param file the card
 * @param name what stands beside every distance
 * @param model the ONNX file
 * @param input name of the model's input; null for its only one
 * @param output name of the output that holds the features
 * @param take which part of the output
 * @param dimension features of an image
 * @param size side of the images it wants
 * @param resize how images are brought to it
 * @param mean taken from each channel's values, 0 to 1
 * @param deviation what the rest is divided by
 * @param channelsFirst whether images are [channel][row][column], else [row][column][channel]
 */
public record FeatureCard(
        Path file,
        String name,
        Path model,
        @Nullable String input,
        String output,
        Take take,
        int dimension,
        int size,
        Resize resize,
        List<Double> mean,
        List<Double> deviation,
        boolean channelsFirst) {
    private static final Set<String> KEYS = Set.of(
            "name", "model", "input", "output", "take", "dimension", "size", "resize", "mean", "deviation", "layout");

    /** Which values of an output are the features. */
    enum Take {
        /** All of an image's. */
        ALL,
        /** Those of the first token, the class token of a vision Transformer, of [image][token][feature]. */
        FIRST_TOKEN;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public FeatureCard {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }

    /**
     * Reads a card; the model need not be there.
     *
     * @throws IOException with one line that names the card and the mend
     */
    public static FeatureCard read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no card " + file
                    + "; name the card of an ONNX model (docs/metrics.md tells its keys), or write embedded");
        }
        try {
            Config card = ConfigFactory.parseFile(file.toFile()).resolve();
            return new Reader(file, card).read();
        } catch (ConfigException e) {
            throw new IOException(file + ": " + OneLine.of(e) + "; docs/metrics.md tells the keys of a card", e);
        }
    }

    /** What is done to images and outputs, as one line that is equal only for equal features of the same model. */
    public String treatment() {
        return String.format(
                Locale.ROOT,
                "%dx%d %s, %s, mean %s, deviation %s, %s of %s",
                size,
                size,
                resize.word(),
                channelsFirst ? "nchw" : "nhwc",
                plain(mean),
                plain(deviation),
                take.word(),
                output);
    }

    private static String plain(List<Double> values) {
        return String.join(" ", values.stream().map(String::valueOf).toList());
    }

    private record Reader(Path file, Config card) {
        FeatureCard read() throws IOException {
            refuseUnknown();
            int size = card.getInt("size");
            int dimension = card.getInt("dimension");
            if (size < 1 || size > 2048 || dimension < 1) {
                throw new IOException(file + ": size must be 1 to 2048 pixels and dimension at least 1");
            }
            return new FeatureCard(
                    file,
                    card.getString("name"),
                    file.toAbsolutePath().resolveSibling(card.getString("model")),
                    card.hasPath("input") ? card.getString("input") : null,
                    card.getString("output"),
                    one("take", "all", Map.of("all", Take.ALL, "first-token", Take.FIRST_TOKEN)),
                    dimension,
                    size,
                    one("resize", null, Map.of("bicubic", Resize.BICUBIC, "bilinear", Resize.BILINEAR)),
                    channels("mean", -1000),
                    channels("deviation", Double.MIN_VALUE),
                    one("layout", "nchw", Map.of("nchw", true, "nhwc", false)));
        }

        private void refuseUnknown() throws IOException {
            for (Map.Entry<String, ConfigValue> entry : card.root().entrySet()) {
                if (!KEYS.contains(entry.getKey())) {
                    throw new IOException(file + ": unknown key '" + OneLine.of(entry.getKey()) + "'; a card has "
                            + String.join(", ", new TreeSet<>(KEYS)));
                }
            }
        }

        private <T> T one(String key, @Nullable String usual, Map<String, T> choices) throws IOException {
            String word = usual != null && !card.hasPath(key) ? usual : card.getString(key);
            T choice = choices.get(word);
            if (choice == null) {
                throw new IOException(file + ": " + key + " must be one of "
                        + String.join(", ", new TreeSet<>(choices.keySet())) + ", not '" + OneLine.of(word) + "'");
            }
            return choice;
        }

        private List<Double> channels(String key, double least) throws IOException {
            List<Double> values = new ArrayList<>(card.getDoubleList(key));
            if (values.size() != 3 || values.stream().anyMatch(each -> !(each >= least && each <= 1000))) {
                throw new IOException(file + ": " + key + " must be three numbers, one a channel"
                        + (least > 0 ? ", above 0" : "") + ", not " + values);
            }
            return values;
        }
    }
}
