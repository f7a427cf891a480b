package org.isofleet.worker.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;

/**
 * The pixel model on LibTorch. A shard is one batch through eager operators; the way back is autograd's, which adds to views of the caller's
 * flat gradient. A lane is a set of leaves over the same parameters; as the library keeps to the calling thread, lanes neither share
 * nor wait for anything, and what one computes depends on the shard alone.
 */
public final class TorchEngine implements PixelEngine {
    private static final int VERSION = 1;
    private static final long[] TOKENS = {1};
    private static final long[] LAST = {-1};

    private final ModelShape shape;
    private final ParameterLayout layout;
    private final Precision precision;
    private final FlatVector parameters;
    private final Rotary rotary;
    private final LaneParameters[] leaves;
    private final TorchModel[] lanes;

    private TorchEngine(ModelShape shape, int lanes, Precision precision) {
        LibTorch.open(precision);
        this.shape = shape;
        this.layout = ParameterLayout.of(shape);
        this.precision = precision;
        this.parameters = FlatVector.zeros(layout.length());
        this.rotary = new Rotary(shape);
        this.leaves = new LaneParameters[lanes];
        this.lanes = new TorchModel[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            this.leaves[lane] = new LaneParameters(shape, layout, parameters);
            this.lanes[lane] = new TorchModel(shape, leaves[lane], rotary);
        }
    }

    /**
     * Makes engines of this kind.
     *
     * @throws InvalidSpecException when LibTorch does not run on this machine
     */
    public static EngineFactory factory(Precision precision) {
        LibTorch.load();
        return (shape, lanes, shardImages) -> new TorchEngine(shape, lanes, precision);
    }

    /**
     * Refuses a precision that this machine does not have.
     *
     * @throws InvalidSpecException in one line with the mend
     */
    public static void requireHere(Precision precision) {
        LibTorch.open(precision);
        LibTorch.close();
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
        // Every pass reads the parameters themselves.
    }

    @Override
    public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
        check(shard);
        leaves[lane].collectIn(gradient);
        gradient.clear();
        LibTorch.prepareThread();
        GradMode.set_enabled(true);
        try (PointerScope scope = new PointerScope()) {
            Tensor images = HostCopies.images(shard, 0, shard.images());
            Tensor loss = lanes[lane].loss(forward(lanes[lane], images), images, TorchModel.Reduction.SUM);
            loss.backward();
            return loss.item_float();
        }
    }

    @Override
    public double[] losses(int lane, PixelBatch batch) {
        check(batch);
        LibTorch.prepareThread();
        GradMode.set_enabled(false);
        double[] losses = new double[batch.images()];
        try (PointerScope scope = new PointerScope()) {
            Tensor images = HostCopies.images(batch, 0, batch.images());
            Tensor pixels = lanes[lane].loss(forward(lanes[lane], images), images, TorchModel.Reduction.EACH_PIXEL);
            ScalarTypeOptional exact = new ScalarTypeOptional(torch.ScalarType.Double);
            HostCopies.doubles(pixels.view(losses.length, -1).sum(LAST, false, exact), losses);
        }
        return losses;
    }

    @Override
    public float[][][] features(int lane, PixelBatch batch, boolean normalised) {
        check(batch);
        LibTorch.prepareThread();
        GradMode.set_enabled(false);
        float[][][] features = new float[shape.layers() + 1][batch.images()][shape.width()];
        try (PointerScope scope = new PointerScope()) {
            TorchModel model = lanes[lane];
            Tensor x = model.embed(HostCopies.images(batch, 0, batch.images()), shape.tokens());
            HostCopies.floats(meanOverTokens(x, normalised), features[0]);
            for (int b = 0; b < shape.layers(); b++) {
                x = model.block(b, x, 0, model::causal);
                HostCopies.floats(meanOverTokens(x, normalised), features[b + 1]);
            }
        }
        return features;
    }

    private static Tensor meanOverTokens(Tensor x, boolean normalised) {
        return (normalised ? TorchModel.normalised(x) : x).mean(TOKENS, false, new ScalarTypeOptional());
    }

    private Tensor forward(TorchModel model, Tensor images) {
        Tensor x = model.embed(images, shape.tokens());
        for (int b = 0; b < shape.layers(); b++) {
            x = model.block(b, x, 0, model::causal);
        }
        return x;
    }

    @Override
    public void complete(int lane, PixelBatch images, int given, double temperature, long[] keys) {
        check(images);
        if (given < 0 || given > shape.tokens() || keys.length < images.images()) {
            throw new IllegalArgumentException("%d given pixels of %d, %d keys for %d images"
                    .formatted(given, shape.tokens(), keys.length, images.images()));
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
        }
        LibTorch.prepareThread();
        GradMode.set_enabled(false);
        try (PointerScope scope = new PointerScope()) {
            new Generation(shape, lanes[lane], temperature).run(images, given, keys);
        }
    }

    private void check(PixelBatch images) {
        if (images.channels() != shape.channels() || images.tokens() != shape.tokens()) {
            throw new IllegalArgumentException("images of %d x %d tokens for a model of %d x %d"
                    .formatted(images.channels(), images.tokens(), shape.channels(), shape.tokens()));
        }
    }

    @Override
    public String kernels() {
        return "torch-" + VERSION + " libtorch-" + LibTorch.version() + " " + LibTorch.products() + " " + precision;
    }

    @Override
    public void close() {
        for (LaneParameters lane : leaves) {
            lane.close();
        }
        rotary.close();
        parameters.free();
        LibTorch.close();
    }
}
