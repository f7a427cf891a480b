package org.isofleet.worker.train;

import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.ParameterLayout.Tensor;
import org.isofleet.worker.exchange.TileSum;

/**
 * The parameters that a run begins with: normal numbers that are a function of (seed, tensor, index) and of nothing else.
 *
 * <p>Standard deviations are our choice, made for widths from 8 to 2,048: matrices 1 / sqrt(fan-in), so that products keep their scale
 * at any width; the two matrices of a block that write to the residual stream less by sqrt(2 layers) (GPT-2); the head a tenth, so that
 * the first loss is that of a uniform guess; tables of the input such that a pixel's sum over channels has deviation
 * {@value #INPUT}; tables of the head small; gains 1.
 */
public final class Initialization {
    private static final double INPUT = 0.5;
    private static final double HEAD = 0.1;
    private static final double HEAD_TABLE = 0.02;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Keeps this use of a seed apart from others. */
    private static final long PURPOSE = 0x494E_4954_4941_4C31L;

    private final ModelShape shape;
    private final ParameterLayout layout;
    private final long seed;

    public Initialization(ModelShape shape, long seed) {
        this.shape = shape;
        this.layout = ParameterLayout.of(shape);
        this.seed = seed;
    }

    /** Writes all parameters. */
    public void fill(FlatVector parameters) {
        float[] tile = new float[TileSum.TILE];
        for (int t = 0; t < layout.tensors().size(); t++) {
            Tensor tensor = layout.tensors().get(t);
            double deviation = deviation(tensor);
            long key = StateHash.mix(StateHash.mix(seed ^ PURPOSE) + GOLDEN * (t + 1));
            for (long at = 0; at < tensor.length(); at += tile.length) {
                int count = (int) Math.min(tile.length, tensor.length() - at);
                if (tensor.kind() == ParameterLayout.Kind.GAIN) {
                    java.util.Arrays.fill(tile, 1);
                } else {
                    normals(key, at, deviation, tile);
                }
                parameters.write(tensor.offset() + at, tile, 0, count);
            }
        }
    }

    private double deviation(Tensor tensor) {
        String name = tensor.name();
        double byFanIn = 1 / StrictMath.sqrt(tensor.columns());
        if (name.startsWith("head.table.")) {
            return HEAD_TABLE;
        } else if (name.startsWith("head.")) {
            return HEAD * byFanIn;
        } else if (tensor.kind() == ParameterLayout.Kind.TABLE) {
            return name.equals("start") ? INPUT : INPUT / StrictMath.sqrt(shape.channels());
        } else if (name.endsWith(".out")) {
            return byFanIn / StrictMath.sqrt(2.0 * shape.layers());
        }
        return byFanIn;
    }

    /** Fills a tile with the normals number {@code from}, an even number, and following; pairs by Box and Muller (1958). */
    private static void normals(long key, long from, double deviation, float[] tile) {
        for (int i = 0; i + 1 < tile.length; i += 2) {
            long pair = StateHash.mix(key + GOLDEN * ((from + i) / 2 + 1));
            double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform(pair)));
            double angle = 2 * StrictMath.PI * uniform(StateHash.mix(pair + GOLDEN));
            tile[i] = (float) (deviation * radius * StrictMath.cos(angle));
            tile[i + 1] = (float) (deviation * radius * StrictMath.sin(angle));
        }
    }

    /** In (0, 1), the middles of 2^53 equal parts. */
    private static double uniform(long bits) {
        return ((bits >>> 11) + 0.5) * 0x1.0p-53;
    }
}
