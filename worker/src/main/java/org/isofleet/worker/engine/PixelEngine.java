package org.isofleet.worker.engine;

import java.util.List;
import org.isofleet.protocol.study.ModelShape;

/**
 * The one interface between training and a deep-learning library: a pixel model with flat views of its parameters. An
 * engine has a fixed number of <em>lanes</em>; calls on different lanes may run at the same time on different threads, and each
 * gives the same bits whatever the other lanes do.
 */
public interface PixelEngine extends AutoCloseable {
    /** Added to the mean square under a norm's root; our choice, large enough for fp32 and small beside any embedding. */
    float NORM_EPSILON = 1e-6f;

    /** The shape of the model. */
    ModelShape shape();

    /** Where each tensor lies in the flat vectors. */
    ParameterLayout layout();

    /** How many shards may be computed at the same time. */
    int lanes();

    /** All parameters. After writing to it, call {@link #parametersChanged}. */
    FlatVector parameters();

    /** Tells the engine that the parameters were written to, so that what it derived from them is stale. */
    void parametersChanged();

    /**
     * Forward and backward over a shard.
     *
     * @param lane from 0 to {@link #lanes} - 1
     * @param shard images of one virtual shard
     * @param gradient of the loss <em>summed</em> over images and pixels, overwritten; as long as the parameters
     * @return loss in nats, summed over images and pixels
     */
    double gradient(int lane, PixelBatch shard, FlatVector gradient);

    /**
     * Loss of each image, forward only.
     *
     * @return nats of each image, summed over its pixels and channels
     */
    double[] losses(int lane, PixelBatch images);

    /**
     * Mean-pooled features of every layer, forward only.
     *
     * @param normalised whether each token's features are divided by their root mean square before the tokens are averaged, as a norm without
     *     its gain does
     * @return {@code [layers + 1][image][width]}: the embedding, then the residual stream after each block, averaged over the
     *     tokens of an image
     */
    float[][][] features(int lane, PixelBatch images, boolean normalised);

    /**
     * Samples the pixels from {@code given} on, with a key-value cache; those before it are kept.
     *
     * @param images the prompts, completed in place
     * @param given pixels of each image that are kept, 0 to {@code tokens}
     * @param temperature of sampling, above 0
     * @param keys one key an image; the sampled values depend on it, parameters and prompt only
     */
    void complete(int lane, PixelBatch images, int given, double temperature, long[] keys);

    /** What the bits of a gradient depend on: name and version of the kernels. */
    String kernels();

    @Override
    void close();

    /** Names of the layers as {@link #features} orders them. */
    default List<String> featureNames() {
        List<String> names = new java.util.ArrayList<>();
        names.add("embedding");
        for (int i = 1; i <= shape().layers(); i++) {
            names.add("block " + i);
        }
        return names;
    }
}
