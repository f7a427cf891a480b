package org.isofleet.worker.evaluate;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.isofleet.worker.engine.PixelBatch;

/**
 * The network whose 64 features the Fréchet distance is measured on. It is small, and was trained on the embedded emoji to tell category
 * and concept; so its distances compare with each other only, never with published FIDs.
 *
 * <p>Input 16x16 RGB; images of other sides are resized by area, grey ones stand in all three channels, and level k of L is taken as the
 * middle of the values it stands for, (2 k + 1) / L - 1. Three times: convolution 3x3 with zeros around, leaky ReLU, maximum of 2x2; then a dense layer to 64
 * features, leaky ReLU. Weights come from {@link FeatureTraining}; {@code src/main/features/README.md} tells how.
 *
 * <p>Computed in plain Java in a fixed order, {@value #LANES} images at a time as the innermost index, without native libraries: the same bits on
 * every machine and for every number of images, on the calling thread alone. Immutable.
 */
public final class FeatureNetwork implements ImageFeatures {
    /** Stands beside every distance that is measured with it. */
    public static final String NAME = "isofleet-emoji64-v1 (not FID)";

    /** Features of an image. */
    public static final int FEATURES = 64;

    static final int SIDE = 16;
    static final int KERNEL = 3;
    static final float LEAK = 0.1f;

    /** Channels before, between and after the convolutions. */
    static final int[] CHANNELS = {3, 24, 48, 64};

    /** SHA-256 of the weights' resource. */
    static final String WEIGHTS_SHA256 = "5fbf081da9ef7c8edc050b2bb1a513fe4706db701b4073a442289316b5780f70";

    private static final String WEIGHTS = "isofleet-emoji64-v1.weights";
    private static final int LANES = 64;

    private final float[][] kernels;
    private final float[][] biases;

    /**
     * A network with given weights.
     *
     * @param kernels of the convolutions, [out][in][row][column], and of the dense layer, [feature][channel][row][column]
     * @param biases of the same
     */
    FeatureNetwork(float[][] kernels, float[][] biases) {
        this.kernels = kernels;
        this.biases = biases;
    }

    /** The network that comes with the program. */
    public static FeatureNetwork embedded() {
        try (InputStream stream = FeatureNetwork.class.getResourceAsStream(WEIGHTS)) {
            if (stream == null) {
                throw new IllegalStateException("the program lacks its resource " + WEIGHTS);
            }
            byte[] bytes = new DataInputStream(stream).readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            if (!digest.equals(WEIGHTS_SHA256)) {
                throw new IllegalStateException(WEIGHTS + " has SHA-256 " + digest + ", not " + WEIGHTS_SHA256);
            }
            return decode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Little-endian floats: kernels, then biases, layer by layer. */
    static FeatureNetwork decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[][] kernels = new float[CHANNELS.length][];
        float[][] biases = new float[CHANNELS.length][];
        for (int layer = 0; layer < CHANNELS.length; layer++) {
            kernels[layer] = floats(buffer, kernelLength(layer));
            biases[layer] = floats(buffer, biasLength(layer));
        }
        if (buffer.hasRemaining()) {
            throw new IllegalArgumentException(buffer.remaining() + " bytes too many");
        }
        return new FeatureNetwork(kernels, biases);
    }

    byte[] encode() {
        int length = 0;
        for (int layer = 0; layer < CHANNELS.length; layer++) {
            length += Float.BYTES * (kernelLength(layer) + biasLength(layer));
        }
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (int layer = 0; layer < CHANNELS.length; layer++) {
            for (float value : kernels[layer]) {
                buffer.putFloat(value);
            }
            for (float value : biases[layer]) {
                buffer.putFloat(value);
            }
        }
        return buffer.array();
    }

    static int kernelLength(int layer) {
        int rest = SIDE >> (CHANNELS.length - 1);
        return layer < CHANNELS.length - 1
                ? CHANNELS[layer + 1] * CHANNELS[layer] * KERNEL * KERNEL
                : FEATURES * CHANNELS[layer] * rest * rest;
    }

    private static int biasLength(int layer) {
        return layer < CHANNELS.length - 1 ? CHANNELS[layer + 1] : FEATURES;
    }

    private static float[] floats(ByteBuffer buffer, int count) {
        float[] values = new float[count];
        buffer.asFloatBuffer().get(values);
        buffer.position(buffer.position() + count * Float.BYTES);
        return values;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String sha256() {
        return WEIGHTS_SHA256;
    }

    @Override
    public int dimension() {
        return FEATURES;
    }

    @Override
    public float[][] features(PixelBatch images, int levels) {
        int resolution = (int) Math.round(Math.sqrt(images.tokens()));
        return features(images.values(), images.channels(), resolution, levels, images.images());
    }

    /**
     * Features of images.
     *
     * @param images [image][channel][row][column], values below {@code levels}
     * @param channels 3 or 1
     * @param resolution side of the images
     * @param levels of a channel
     * @param count images to take
     * @return [count][{@value #FEATURES}]
     */
    public float[][] features(byte[] images, int channels, int resolution, int levels, int count) {
        float[][] features = new float[count][FEATURES];
        for (int from = 0; from < count; from += LANES) {
            int lanes = Math.min(LANES, count - from);
            float[][] planes = new float[3 * SIDE * SIDE][LANES];
            for (int lane = 0; lane < lanes; lane++) {
                float[][] image =
                        input(images, (from + lane) * channels * resolution * resolution, channels, resolution, levels);
                for (int c = 0; c < 3; c++) {
                    for (int p = 0; p < SIDE * SIDE; p++) {
                        planes[c * SIDE * SIDE + p][lane] = image[c][p];
                    }
                }
            }
            float[][] out = forward(planes);
            for (int lane = 0; lane < lanes; lane++) {
                for (int f = 0; f < FEATURES; f++) {
                    features[from + lane][f] = out[f][lane];
                }
            }
        }
        return features;
    }

    /** Three planes of 16x16 values in -1 to 1. */
    static float[][] input(byte[] images, int from, int channels, int resolution, int levels) {
        int pixels = resolution * resolution;
        float[][] planes = new float[3][];
        for (int c = 0; c < channels; c++) {
            float[] plane = new float[pixels];
            for (int p = 0; p < pixels; p++) {
                plane[p] = ((images[from + c * pixels + p] & 0xFF) + 0.5f) * 2 / levels - 1;
            }
            planes[c] = SquareResize.resize(plane, resolution, SIDE);
        }
        for (int c = channels; c < 3; c++) {
            planes[c] = planes[0];
        }
        return planes;
    }

    private float[][] forward(float[][] input) {
        float[][] planes = input;
        int side = SIDE;
        for (int layer = 0; layer < CHANNELS.length - 1; layer++) {
            planes = pooled(convolved(planes, layer, side), CHANNELS[layer + 1], side);
            side /= 2;
        }
        float[][] features = new float[FEATURES][];
        for (int f = 0; f < FEATURES; f++) {
            float[] sum = filled(biases[CHANNELS.length - 1][f]);
            for (int i = 0; i < planes.length; i++) {
                add(sum, kernels[CHANNELS.length - 1][f * planes.length + i], planes[i]);
            }
            leak(sum);
            features[f] = sum;
        }
        return features;
    }

    private float[][] convolved(float[][] planes, int layer, int side) {
        int in = CHANNELS[layer];
        int out = CHANNELS[layer + 1];
        float[][] result = new float[out * side * side][];
        for (int o = 0; o < out; o++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    float[] sum = filled(biases[layer][o]);
                    for (int i = 0; i < in; i++) {
                        for (int ky = Math.max(0, 1 - y); ky < Math.min(KERNEL, side + 1 - y); ky++) {
                            int row = (i * side + y + ky - 1) * side + x - 1;
                            int weight = ((o * in + i) * KERNEL + ky) * KERNEL;
                            float[] kernel = kernels[layer];
                            if (x > 0 && x + 1 < side) {
                                add(
                                        sum,
                                        kernel[weight],
                                        planes[row],
                                        kernel[weight + 1],
                                        planes[row + 1],
                                        kernel[weight + 2],
                                        planes[row + 2]);
                            } else {
                                for (int kx = Math.max(0, 1 - x); kx < Math.min(KERNEL, side + 1 - x); kx++) {
                                    add(sum, kernel[weight + kx], planes[row + kx]);
                                }
                            }
                        }
                    }
                    leak(sum);
                    result[(o * side + y) * side + x] = sum;
                }
            }
        }
        return result;
    }

    private static float[][] pooled(float[][] planes, int channels, int side) {
        int half = side / 2;
        float[][] result = new float[channels * half * half][];
        for (int i = 0; i < result.length; i++) {
            int corner = (i / (half * half) * side + i / half % half * 2) * side + i % half * 2;
            result[i] = largest(planes[corner], planes[corner + 1], planes[corner + side], planes[corner + side + 1]);
        }
        return result;
    }

    private static float[] filled(float value) {
        float[] array = new float[LANES];
        Arrays.fill(array, value);
        return array;
    }

    /* The loops below have the same index on every array, so that C2 vectorizes them. */

    private static void add(float[] sum, float w, float[] a) {
        for (int i = 0; i < LANES; i++) {
            sum[i] += w * a[i];
        }
    }

    private static void add(float[] sum, float v, float[] a, float w, float[] b, float x, float[] c) {
        for (int i = 0; i < LANES; i++) {
            sum[i] += v * a[i] + w * b[i] + x * c[i];
        }
    }

    private static void leak(float[] values) {
        for (int i = 0; i < LANES; i++) {
            values[i] = Math.max(values[i], LEAK * values[i]);
        }
    }

    private static float[] largest(float[] a, float[] b, float[] c, float[] d) {
        float[] result = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            result[i] = Math.max(Math.max(a[i], b[i]), Math.max(c[i], d[i]));
        }
        return result;
    }
}
