package org.isofleet.worker.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The pixel model on Deeplearning4j: its layers ({@link PixelEmbedding}, {@link DecoderBlock}, {@link PixelHead}) on one flat ND4J array,
 * driven directly instead of through {@code MultiLayerNetwork}, whose overhead a call is more than a small model's whole step.
 *
 * <p>A lane is a {@link Workspace}. A shard is computed by the calling thread alone, image after image, products and loops in an order
 * that depends on the shape only. So a lane's bits depend on nothing that other lanes or threads do.
 */
public final class Dl4jEngine implements PixelEngine {
    private static final int VERSION = 1;

    private final ModelShape shape;
    private final ParameterLayout layout;
    private final INDArray flat;
    private final FlatVector parameters;
    private final PixelEmbeddingLayer embedding;
    private final List<DecoderBlockLayer> blocks = new ArrayList<>();
    private final PixelHeadLayer head;
    private final long[] blocksAt;
    private final long headAt;
    private final Workspace[] lanes;
    private final Staging refreshing = new Staging();

    private Dl4jEngine(ModelShape shape, int lanes) {
        OneThread.ofProducts();
        this.shape = shape;
        this.layout = ParameterLayout.of(shape);
        this.flat = Nd4j.zeros(DataType.FLOAT, layout.length());
        this.parameters = Arena.view(flat);
        this.blocksAt = new long[shape.layers()];
        this.embedding = (PixelEmbeddingLayer) layer(new PixelEmbedding(shape), 0, 0);
        for (int b = 0; b < shape.layers(); b++) {
            blocksAt[b] = layout.tensor("blocks." + b + ".attention.gain").offset();
            blocks.add((DecoderBlockLayer) layer(new DecoderBlock(shape), b + 1, blocksAt[b]));
        }
        this.headAt = layout.tensor("head.gain").offset();
        this.head = (PixelHeadLayer) layer(new PixelHead(shape), shape.layers() + 1, headAt);
        this.lanes = new Workspace[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            this.lanes[lane] = new Workspace(shape, shape.layers());
        }
        parametersChanged();
    }

    /** Makes engines of this kind. */
    public static EngineFactory factory() {
        return (shape, lanes, shardImages) -> new Dl4jEngine(shape, lanes);
    }

    private PixelKernelLayer<?> layer(PixelLayer configuration, int index, long offset) {
        NeuralNetConfiguration conf = new NeuralNetConfiguration();
        conf.setLayer(configuration);
        long length = configuration.initializer().numParams(configuration);
        INDArray view = flat.get(NDArrayIndex.interval(offset, offset + length));
        return (PixelKernelLayer<?>) configuration.instantiate(conf, null, index, view, false, DataType.FLOAT);
    }

    @Override
    public ModelShape shape() {
        return shape;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public int lanes() {
        return lanes.length;
    }

    @Override
    public FlatVector parameters() {
        return parameters;
    }

    @Override
    public void parametersChanged() {
        embedding.refresh(refreshing);
        for (DecoderBlockLayer block : blocks) {
            block.refresh(refreshing);
        }
        head.refresh(refreshing);
    }

    @Override
    public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
        OneThread.ofProducts();
        Workspace w = lanes[lane];
        embedding.begin(w);
        head.begin(w);
        double loss = 0;
        for (int image = 0; image < shard.images(); image++) {
            boolean first = image == 0;
            load(w, shard, image);
            embedding.forward(w);
            for (int b = 0; b < blocks.size(); b++) {
                blocks.get(b).forward(w, w.slots[b]);
            }
            loss += head.lossAndGradient(w, gradient, headAt, first);
            for (int b = blocks.size() - 1; b >= 0; b--) {
                blocks.get(b).backward(w, w.slots[b], gradient, blocksAt[b], first);
            }
            embedding.backward(w);
        }
        head.finish(w, gradient, headAt);
        for (int b = 0; b < blocks.size(); b++) {
            blocks.get(b).finish(w, gradient, blocksAt[b]);
        }
        embedding.finish(w, gradient, 0);
        return loss;
    }

    @Override
    public double[] losses(int lane, PixelBatch images) {
        OneThread.ofProducts();
        Workspace w = lanes[lane];
        double[] losses = new double[images.images()];
        for (int image = 0; image < losses.length; image++) {
            load(w, images, image);
            embedding.forward(w);
            for (DecoderBlockLayer block : blocks) {
                block.forward(w, w.slots[0]);
            }
            losses[image] = head.loss(w);
        }
        return losses;
    }

    @Override
    public float[][][] features(int lane, PixelBatch images, boolean normalised) {
        OneThread.ofProducts();
        Workspace w = lanes[lane];
        float[][][] features = new float[blocks.size() + 1][images.images()][];
        for (int image = 0; image < images.images(); image++) {
            load(w, images, image);
            embedding.forward(w);
            features[0][image] = meanOverTokens(w, normalised);
            for (int b = 0; b < blocks.size(); b++) {
                blocks.get(b).forward(w, w.slots[0]);
                features[b + 1][image] = meanOverTokens(w, normalised);
            }
        }
        return features;
    }

    private float[] meanOverTokens(Workspace w, boolean normalised) {
        int tokens = shape.tokens();
        double[] scales = normalised ? inverseNorms(w) : null;
        float[] row = new float[tokens];
        float[] means = new float[shape.width()];
        for (int feature = 0; feature < means.length; feature++) {
            w.residual.read((long) feature * tokens, row, 0, tokens);
            double sum = 0;
            for (int t = 0; t < tokens; t++) {
                sum += scales == null ? row[t] : scales[t] * row[t];
            }
            means[feature] = (float) (sum / tokens);
        }
        return means;
    }

    /** One over the root mean square of each token. */
    private double[] inverseNorms(Workspace w) {
        int tokens = shape.tokens();
        float[] row = new float[tokens];
        double[] norms = new double[tokens];
        for (int feature = 0; feature < shape.width(); feature++) {
            w.residual.read((long) feature * tokens, row, 0, tokens);
            for (int t = 0; t < tokens; t++) {
                norms[t] += (double) row[t] * row[t];
            }
        }
        for (int t = 0; t < tokens; t++) {
            norms[t] = 1 / Math.sqrt(norms[t] / shape.width() + NORM_EPSILON);
        }
        return norms;
    }

    @Override
    public void complete(int lane, PixelBatch images, int given, double temperature, long[] keys) {
        if (given < 0 || given > shape.tokens() || keys.length < images.images()) {
            throw new IllegalArgumentException("%d given pixels of %d, %d keys for %d images"
                    .formatted(given, shape.tokens(), keys.length, images.images()));
        }
        complete(lane, images, given, new Sampler(keys, shape.channels(), shape.levels(), temperature));
    }

    /** The same with any choice of values. */
    void complete(int lane, PixelBatch images, int given, Generation.Choice choice) {
        OneThread.ofProducts();
        check(images);
        try (Generation generation = new Generation(shape, embedding, blocks, head, lanes[lane])) {
            generation.run(images, given, choice);
        }
    }

    private void load(Workspace w, PixelBatch images, int image) {
        check(images);
        w.load(images.values(), image * shape.channels() * shape.tokens());
    }

    private void check(PixelBatch images) {
        if (images.channels() != shape.channels() || images.tokens() != shape.tokens()) {
            throw new IllegalArgumentException("images of %d x %d tokens for a model of %d x %d"
                    .formatted(images.channels(), images.tokens(), shape.channels(), shape.tokens()));
        }
    }

    @Override
    public String kernels() {
        return "dl4j-" + VERSION + " onednn-" + OneThread.oneDnnVersion() + " fp32";
    }

    /** Bytes of parameters, what is derived from them, and lanes, outside the heap. */
    long bytes() {
        long bytes = parameters.length() * Float.BYTES + embedding.arena.bytes() + head.arena.bytes();
        for (DecoderBlockLayer block : blocks) {
            bytes += block.arena.bytes();
        }
        for (Workspace lane : lanes) {
            bytes += lane.bytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        for (Workspace lane : lanes) {
            lane.close();
        }
        embedding.close();
        blocks.forEach(DecoderBlockLayer::close);
        head.close();
        flat.close();
    }
}
