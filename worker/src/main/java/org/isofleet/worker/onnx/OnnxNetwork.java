package org.isofleet.worker.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.isofleet.protocol.study.FeatureRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ONNX model with its card, in ONNX Runtime: on the GPU when the runtime on the class path can (artifact {@code onnxruntime_gpu}), else on the
 * calling thread alone, so that features do not depend on the number of threads. Safe for use by several threads.
 */
public final class OnnxNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxNetwork.class);

    /** Images a run, where the model leaves that open: enough for a GPU, and some 20 MB of input at 224 pixels. */
    private static final int BATCH = 32;

    private static final int CHANNELS = 3;

    private final FeatureCard card;
    private final String sha256;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String input;
    private final int batch;
    private final boolean fixed;

    private OnnxNetwork(
            FeatureCard card,
            String sha256,
            OrtEnvironment environment,
            OrtSession session,
            String input,
            int fixedBatch) {
        this.card = card;
        this.sha256 = sha256;
        this.environment = environment;
        this.session = session;
        this.input = input;
        this.batch = fixedBatch > 0 ? fixedBatch : BATCH;
        this.fixed = fixedBatch > 0;
    }

    /**
     * Opens a model and computes the features of one image with it, so that whatever is wrong is told now.
     *
     * @throws IOException when it is no model or not the one that the card describes; one line with the file and the mend
     */
    public static OnnxNetwork open(FeatureCard card) throws IOException {
        Path model = card.model();
        if (!Files.isRegularFile(model)) {
            throw new IOException(
                    "there is no ONNX model " + model + "; put it there, or mend model in " + card.file());
        }
        String sha256 = ModelDigest.of(model);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session;
        try (OrtSession.SessionOptions options = options()) {
            session = environment.createSession(model.toString(), options);
        } catch (OrtException e) {
            throw new IOException(
                    model + " cannot be opened as an ONNX model (" + OneLine.of(e)
                            + "); export it again, or name another in " + card.file(),
                    e);
        }
        try {
            return tried(card, sha256, environment, session);
        } catch (OrtException e) {
            close(session);
            throw new IOException(model + ": " + OneLine.of(e) + "; export it again", e);
        } catch (IOException | RuntimeException | Error e) {
            close(session);
            throw e;
        }
    }

    private static OnnxNetwork tried(FeatureCard card, String sha256, OrtEnvironment environment, OrtSession session)
            throws IOException, OrtException {
        String input = ModelShapes.input(session.getInputInfo(), card);
        ModelShapes.output(session.getOutputInfo(), card);
        int fixed = ModelShapes.batch(session.getInputInfo(), input);
        OnnxNetwork network = new OnnxNetwork(card, sha256, environment, session, input, fixed);
        network.features(new byte[CHANNELS], CHANNELS, 1, 256, 1);
        return network;
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        if (OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            try {
                options.addCUDA(0);
            } catch (OrtException e) {
                LOG.warn("features are computed on the processor: {}", OneLine.of(e));
            }
        }
        return options;
    }

    /** What a study writes down of it: a digest of the model, and what the card does. */
    public FeatureRef reference() {
        return new FeatureRef(card.file().toString(), sha256, card.treatment());
    }

    /** Name, treatment and digest, as one line. */
    public String name() {
        return card.name() + " (" + card.treatment() + ", SHA-256 " + sha256.substring(0, 12) + ")";
    }

    /** SHA-256 of the model's file. */
    public String sha256() {
        return sha256;
    }

    /** Features of an image. */
    public int dimension() {
        return card.dimension();
    }

    /**
     * Features of images.
     *
     * @param images [image][channel][row][column], values below {@code levels}
     * @param channels 3, or 1 for grey, which stands in all three
     * @param levels of a channel; level k of L is the middle of what it stands for among 256
     * @return [count][dimension]
     * @throws IOException when the model gives something else than its card says; one line
     */
    public float[][] features(byte[] images, int channels, int resolution, int levels, int count) throws IOException {
        float[][] features = new float[count][];
        float[] values = new float[batch * CHANNELS * card.size() * card.size()];
        for (int from = 0; from < count; from += batch) {
            int taken = Math.min(batch, count - from);
            for (int i = 0; i < taken; i++) {
                prepare(
                        images,
                        (from + i) * channels * resolution * resolution,
                        channels,
                        resolution,
                        levels,
                        values,
                        i);
            }
            float[][] part = run(values, taken);
            System.arraycopy(part, 0, features, from, taken);
        }
        return features;
    }

    private void prepare(byte[] images, int from, int channels, int side, int levels, float[] values, int image) {
        int pixels = card.size() * card.size();
        for (int c = 0; c < CHANNELS; c++) {
            float[] plane = new float[side * side];
            int at = from + (channels == 1 ? 0 : c) * side * side;
            for (int p = 0; p < plane.length; p++) {
                plane[p] = (int) (((images[at + p] & 0xFF) + 0.5) * 256 / levels);
            }
            float[] resized = card.resize().apply(plane, side, card.size());
            double mean = card.mean().get(c);
            double deviation = card.deviation().get(c);
            for (int p = 0; p < pixels; p++) {
                int to = card.channelsFirst() ? c * pixels + p : p * CHANNELS + c;
                values[image * CHANNELS * pixels + to] = (float) ((resized[p] / 255.0 - mean) / deviation);
            }
        }
    }

    /** Images beyond those taken are left over from before, where the model wants a batch of one size. */
    private float[][] run(float[] values, int taken) throws IOException {
        int run = fixed ? batch : taken;
        int side = card.size();
        long[] shape =
                card.channelsFirst() ? new long[] {run, CHANNELS, side, side} : new long[] {run, side, side, CHANNELS};
        FloatBuffer buffer = FloatBuffer.wrap(values, 0, run * CHANNELS * side * side);
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(card.output()))) {
            OnnxTensor output = (OnnxTensor) result.get(0);
            return taken(output.getFloatBuffer(), output.getInfo(), run, taken);
        } catch (OrtException e) {
            throw new IOException(
                    card.model() + " failed on images of " + side + "x" + side + " (" + OneLine.of(e)
                            + "); mend size, layout or input in " + card.file(),
                    e);
        }
    }

    private float[][] taken(FloatBuffer output, TensorInfo info, int run, int taken) throws IOException {
        long[] shape = info.getShape();
        int length = output.remaining() / run;
        int dimension = card.take() == FeatureCard.Take.FIRST_TOKEN && shape.length == 3 ? (int) shape[2] : length;
        if (shape.length == 0 || shape[0] != run || dimension != card.dimension()) {
            throw new IOException(card.model() + " gives " + dimension + " features an image in '" + card.output()
                    + "' of shape " + Arrays.toString(shape) + " for " + run + " images, not " + card.dimension()
                    + "; mend dimension, output or take in " + card.file());
        }
        float[][] features = new float[taken][dimension];
        for (int i = 0; i < taken; i++) {
            output.position(i * length);
            output.get(features[i]);
        }
        return features;
    }

    @Override
    public void close() {
        close(session);
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            LOG.warn("an ONNX session was not closed: {}", OneLine.of(e));
        }
    }
}
