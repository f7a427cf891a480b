package org.isofleet.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.exchange.TileSum;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2) on flat vectors.
 *
 * <p>One pass over memory: a tile of parameters, moments and gradient is copied to the heap, updated in a loop that vectorizes, copied back,
 * and hashed while it is in the cache. Only matrix weights decay. Everything that depends on the step is computed once, in double precision
 * and {@code StrictMath}; elements are updated in single precision.
 */
final class AdamW {
    private final OptimizerSpec spec;
    private final Blocks blocks;
    private final Lanes lanes;
    private final Scratch[] scratch;
    private final long[] hashes;

    /** Ends of the stretches that decay alike, ascending; the first does what {@link #firstDecays} says, then in turn. */
    private final long[] ends;

    private final boolean firstDecays;

    AdamW(OptimizerSpec spec, ParameterLayout layout, Lanes lanes) {
        this.spec = spec;
        this.blocks = new Blocks(layout.length());
        this.lanes = lanes;
        this.scratch = new Scratch[lanes.count()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch();
        }
        this.hashes = new long[lanes.count()];
        this.firstDecays = decays(layout.tensors().get(0));
        this.ends = stretches(layout.tensors());
    }

    private static boolean decays(ParameterLayout.Tensor tensor) {
        return tensor.kind() == ParameterLayout.Kind.MATRIX;
    }

    private static long[] stretches(List<ParameterLayout.Tensor> tensors) {
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            if (i + 1 == tensors.size() || decays(tensors.get(i)) != decays(tensors.get(i + 1))) {
                ends.add(tensors.get(i).offset() + tensors.get(i).length());
            }
        }
        return ends.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * One step, in place.
     *
     * @param parameters to update
     * @param first first moments, updated
     * @param second second moments, updated
     * @param gradient summed over the batch
     * @param scale by which the gradient is multiplied: one over the batch's tokens, times the clipping factor
     * @param step number of the step, from 1
     * @param rate learning rate
     * @return sum of {@link StateHash} over the blocks of the new state
     */
    long step(
            FlatVector parameters,
            FlatVector first,
            FlatVector second,
            FlatVector gradient,
            double scale,
            long step,
            double rate) {
        Coefficients c = Coefficients.of(spec, scale, step, rate);
        java.util.Arrays.fill(hashes, 0);
        blocks.forEach(lanes, (lane, from, to) -> {
            Scratch s = scratch[lane];
            for (int block = from; block < to; block++) {
                s.hash.begin();
                for (long at = blocks.start(block); at < blocks.end(block); at += TileSum.TILE) {
                    int count = (int) Math.min(TileSum.TILE, blocks.end(block) - at);
                    s.read(parameters, first, second, gradient, at, count);
                    updateTile(s, c, at, count);
                    s.write(parameters, first, second, at, count);
                }
                hashes[lane] += s.hash.end(block);
            }
        });
        long sum = 0;
        for (long hash : hashes) {
            sum += hash;
        }
        return sum;
    }

    /** Cuts a tile where decay begins or ends. */
    private void updateTile(Scratch s, Coefficients c, long at, int count) {
        int stretch = java.util.Arrays.binarySearch(ends, at + 1);
        stretch = stretch < 0 ? -stretch - 1 : stretch;
        for (int from = 0; from < count; stretch++) {
            int to = (int) Math.min(count, ends[stretch] - at);
            boolean decays = firstDecays == (stretch % 2 == 0);
            update(s.p, s.m, s.v, s.g, from, to, c, decays ? c.decay : 0);
            from = to;
        }
    }

    private static void update(
            float[] p, float[] m, float[] v, float[] g, int from, int to, Coefficients c, float decay) {
        float scale = c.scale;
        float beta1 = c.beta1;
        float rest1 = c.rest1;
        float beta2 = c.beta2;
        float rest2 = c.rest2;
        float size = c.size;
        float rootCorrection = c.rootCorrection;
        float epsilon = c.epsilon;
        for (int i = from; i < to; i++) {
            float x = g[i] * scale;
            float mi = beta1 * m[i] + rest1 * x;
            float vi = beta2 * v[i] + rest2 * (x * x);
            m[i] = mi;
            v[i] = vi;
            p[i] = p[i] - decay * p[i] - size * mi / ((float) Math.sqrt(vi) * rootCorrection + epsilon);
        }
    }

    /** What is the same for all elements of a step. {@code size}: rate over the first moment's bias correction. */
    private record Coefficients(
            float scale,
            float beta1,
            float rest1,
            float beta2,
            float rest2,
            float size,
            float rootCorrection,
            float epsilon,
            float decay) {
        static Coefficients of(OptimizerSpec spec, double scale, long step, double rate) {
            double bias1 = 1 - StrictMath.pow(spec.beta1(), (double) step);
            double bias2 = 1 - StrictMath.pow(spec.beta2(), (double) step);
            return new Coefficients(
                    (float) scale,
                    (float) spec.beta1(),
                    (float) (1 - spec.beta1()),
                    (float) spec.beta2(),
                    (float) (1 - spec.beta2()),
                    (float) (rate / bias1),
                    (float) (1 / StrictMath.sqrt(bias2)),
                    (float) spec.epsilon(),
                    (float) (rate * spec.weightDecay()));
        }
    }

    /** The heap tiles of a lane. */
    private static final class Scratch {
        final float[] p = new float[TileSum.TILE];
        final float[] m = new float[TileSum.TILE];
        final float[] v = new float[TileSum.TILE];
        final float[] g = new float[TileSum.TILE];
        final StateHash hash = new StateHash();

        void read(FlatVector parameters, FlatVector first, FlatVector second, FlatVector gradient, long at, int count) {
            parameters.read(at, p, 0, count);
            first.read(at, m, 0, count);
            second.read(at, v, 0, count);
            gradient.read(at, g, 0, count);
        }

        void write(FlatVector parameters, FlatVector first, FlatVector second, long at, int count) {
            parameters.write(at, p, 0, count);
            first.write(at, m, 0, count);
            second.write(at, v, 0, count);
            hash.take(parameters, first, second, at, count);
        }
    }
}
