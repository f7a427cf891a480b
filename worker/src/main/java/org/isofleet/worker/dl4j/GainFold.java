package org.isofleet.worker.dl4j;

import java.util.Arrays;
import org.isofleet.worker.engine.FlatVector;

/**
 * A norm's gain g folded into the weight W that follows it: {@code W (g x) = (W diag g) x}. Forward and back then never touch the
 * gain; once a shard the gradient F of the folded weight is taken apart again, {@code dW = F diag g} and {@code dg = sum of F W over
 * rows}.
 */
final class GainFold {
    private final int rows;
    private final int columns;
    private final long gainAt;
    private final long weightAt;
    private final float[] gain;
    private final FlatVector folded;

    /**
     * @param arena where the folded weight lives
     * @param gainAt offset of the gain in the layer's parameters
     * @param weightAt offset of the weight, [rows][columns]
     */
    GainFold(Arena arena, int rows, int columns, long gainAt, long weightAt) {
        this.rows = rows;
        this.columns = columns;
        this.gainAt = gainAt;
        this.weightAt = weightAt;
        this.gain = new float[columns];
        this.folded = arena.floats((long) rows * columns);
    }

    /** Address of the folded weight. */
    long address() {
        return folded.address(0);
    }

    /** Folds the parameters as they are now. */
    void fold(Staging s, FlatVector parameters) {
        parameters.read(gainAt, gain, 0, columns);
        int step = Staging.rowsOfTile(columns);
        for (int from = 0; from < columns; from += Staging.TILE) {
            int width = Math.min(Staging.TILE, columns - from);
            System.arraycopy(gain, from, s.e, 0, width);
            Staging.spread(s.e, width, step);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long at = (long) row * columns + from;
                parameters.read(weightAt + at, s.a, 0, n);
                Loops.multiply(s.a, s.e, n);
                folded.write(at, s.a, 0, n);
            }
        }
    }

    /** Turns the folded weight's gradient, which lies where the weight's belongs, into those of weight and gain. */
    void unfold(Staging s, FlatVector parameters, FlatVector gradient, long offset) {
        int step = Staging.rowsOfTile(columns);
        for (int from = 0; from < columns; from += Staging.TILE) {
            int width = Math.min(Staging.TILE, columns - from);
            System.arraycopy(gain, from, s.e, 0, width);
            Staging.spread(s.e, width, step);
            Arrays.fill(s.d, 0, step * width, 0f);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long at = weightAt + (long) row * columns + from;
                gradient.read(offset + at, s.a, 0, n);
                parameters.read(at, s.b, 0, n);
                Loops.addProduct(s.d, s.a, s.b, n);
                Loops.multiply(s.a, s.e, n);
                gradient.write(offset + at, s.a, 0, n);
            }
            s.foldSum(s.d, step, width);
            gradient.write(offset + gainAt + from, s.d, 0, width);
        }
    }
}
