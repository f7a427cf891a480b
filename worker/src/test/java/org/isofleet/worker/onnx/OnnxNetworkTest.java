package org.isofleet.worker.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxNetworkTest {
    private static final int PIXELS = TinyModel.SIDE * TinyModel.SIDE;
    private static final double[] MEAN = {0.5, 0.25, 0};
    private static final double[] DEVIATION = {0.5, 1, 2};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40})
    void features_ofAnyNumberOfImages_areThoseOfTheFormula(int count) throws IOException {
        byte[] images = images(count, 3, 256);
        try (OnnxNetwork network = open("")) {
            assertThat(network.dimension()).isEqualTo(TinyModel.FEATURES);
            assertEachIsTheFormula(network.features(images, 3, TinyModel.SIDE, 256, count), images, 256);
        }
    }

    @Test
    void modelOfAFixedBatch_isFilledUp() throws IOException {
        Files.write(folder.resolve("four.onnx"), TinyModel.bytes(4, true));
        byte[] images = images(6, 3, 256);
        try (OnnxNetwork network = OnnxNetwork.open(FeatureCard.read(TinyModel.card(folder, "four.onnx", "")))) {
            assertEachIsTheFormula(network.features(images, 3, TinyModel.SIDE, 256, 6), images, 256);
        }
    }

    @Test
    void modelOfChannelsLast_isGivenThem() throws IOException {
        Files.write(folder.resolve("last.onnx"), TinyModel.bytes(TinyModel.ANY, false));
        byte[] images = images(3, 3, 256);
        Path card = TinyModel.card(folder, "last.onnx", "layout = nhwc");
        try (OnnxNetwork network = OnnxNetwork.open(FeatureCard.read(card))) {
            assertEachIsTheFormula(network.features(images, 3, TinyModel.SIDE, 256, 3), images, 256);
        }
    }

    @Test
    void levels_areTheMiddleOfWhatTheyStandFor() throws IOException {
        byte[] images = images(2, 3, 32);
        try (OnnxNetwork network = open("")) {
            assertEachIsTheFormula(network.features(images, 3, TinyModel.SIDE, 32, 2), images, 32);
        }
    }

    @Test
    void firstToken_holdsTheNormalisedPixels() throws IOException {
        byte[] images = images(2, 3, 256);
        try (OnnxNetwork network = open("output = tokens\ntake = first-token\ndimension = 64")) {
            float[][] features = network.features(images, 3, TinyModel.SIDE, 256, 2);
            for (int i = 0; i < 2; i++) {
                for (int p = 0; p < PIXELS; p++) {
                    double value = ((images[i * 3 * PIXELS + p] & 0xFF) / 255.0 - MEAN[0]) / DEVIATION[0];
                    assertThat(features[i][p]).isCloseTo((float) value, within(1e-6f));
                }
            }
        }
    }

    @Test
    void greyAndSmallImages_areSpreadAndEnlarged() throws IOException {
        byte[] grey = new byte[16];
        new Random(3).nextBytes(grey);
        byte[] rgb = new byte[48];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(grey, 0, rgb, c * 16, 16);
        }
        float[] plane = new float[16];
        for (int p = 0; p < 16; p++) {
            plane[p] = grey[p] & 0xFF;
        }
        byte[] large = new byte[3 * PIXELS];
        float[] resized = Resize.BICUBIC.apply(plane, 4, TinyModel.SIDE);
        for (int p = 0; p < 3 * PIXELS; p++) {
            large[p] = (byte) resized[p % PIXELS];
        }
        try (OnnxNetwork network = open("")) {
            float[][] features = network.features(grey, 1, 4, 256, 1);
            assertThat(network.features(rgb, 3, 4, 256, 1)).isDeepEqualTo(features);
            assertEachIsTheFormula(features, large, 256);
        }
    }

    @Test
    void reference_holdsTheModelsDigestAndWhatTheCardDoes() throws IOException {
        String first;
        try (OnnxNetwork network = open("")) {
            first = network.reference().sha256();
            assertThat(first).matches("[0-9a-f]{64}");
            assertThat(network.reference().treatment())
                    .isEqualTo("8x8 bicubic, nchw, mean 0.5 0.25 0.0, deviation 0.5 1.0 2.0, all of features");
            assertThat(network.name()).startsWith("tiny (8x8 bicubic").contains(first.substring(0, 12));
        }
        Files.write(folder.resolve("tiny.onnx"), TinyModel.bytes(2, true));
        try (OnnxNetwork other = OnnxNetwork.open(FeatureCard.read(folder.resolve("tiny.conf")))) {
            assertThat(other.reference().sha256()).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            size = 9           | tiny.onnx takes FLOAT [-1, 3, 8, 8] | mend size or layout in
            layout = nhwc      | its card says FLOAT [-1, 8, 8, 3]   | mend size or layout in
            dimension = 6      | gives 5 features                    | mend dimension, output or take in
            output = logits    | no output of floats 'logits'        | mend output in
            input = pixels     | no input of numbers 'pixels'        | mend input in
            take = first-token | has no tokens                       | mend take or output in
            model = gone.onnx  | no ONNX model                       | put it there, or mend model in
            model = tiny.conf  | cannot be opened as an ONNX model   | export it again, or name another in
            """)
    void modelThatIsNotAsItsCardSays_isNamedWithTheMend(String change, String wrong, String mend) {
        assertThatThrownBy(() -> open(change))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(wrong)
                .hasMessageContaining(mend)
                .hasMessageContaining(folder.resolve("tiny.conf").toString())
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sise = 9             | unknown key 'sise'
            size = large         | size
            size = 0             | size must be 1 to 2048
            mean = [1, 2]        | mean must be three numbers
            deviation = [1, 0, 1] | deviation must be three numbers, one a channel, above 0
            resize = cubic       | resize must be one of bicubic, bilinear, not 'cubic'
            take = last          | take must be one of all, first-token
            name = null          | name
            mean = [             | tiny.conf
            """)
    void faultyCard_isNamed(String change, String message) {
        assertThatThrownBy(() -> FeatureCard.read(TinyModel.card(folder, change)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tiny.conf")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        assertThatThrownBy(() -> FeatureCard.read(folder.resolve("no.conf"))).hasMessageContaining("no card");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dinov2-vit-l14.conf", "inception-fid.conf"})
    void cardsThatAreReady_areRead(String name) throws IOException {
        FeatureCard card = FeatureCard.read(Path.of("..", "deploy", "features", name));
        assertThat(card.dimension()).isGreaterThanOrEqualTo(1024);
        assertThatThrownBy(() -> OnnxNetwork.open(card)).hasMessageContaining("no ONNX model");
    }

    private OnnxNetwork open(String changes) throws IOException {
        return OnnxNetwork.open(FeatureCard.read(TinyModel.card(folder, changes)));
    }

    private static byte[] images(int count, int channels, int levels) {
        byte[] images = new byte[count * channels * PIXELS];
        Random random = new Random(count);
        for (int i = 0; i < images.length; i++) {
            images[i] = (byte) random.nextInt(levels);
        }
        return images;
    }

    private static void assertEachIsTheFormula(float[][] features, byte[] images, int levels) {
        for (int i = 0; i < features.length; i++) {
            for (int f = 0; f < TinyModel.FEATURES; f++) {
                double expected = 0;
                for (int c = 0; c < 3; c++) {
                    double sum = 0;
                    for (int p = 0; p < PIXELS; p++) {
                        int level = images[(i * 3 + c) * PIXELS + p] & 0xFF;
                        sum += levels == 256 ? level : level * (256 / levels) + 128 / levels;
                    }
                    expected += TinyModel.weight(c, f) * (sum / PIXELS / 255 - MEAN[c]) / DEVIATION[c];
                }
                assertThat((double) features[i][f]).isCloseTo(expected, within(1e-5));
            }
        }
    }
}
