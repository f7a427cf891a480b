package org.isofleet.worker.onnx;

/** The weights of {@link Resize#BICUBIC} from one side to another, the same for rows and columns. */
final class FixedPointCubic {
    private static final double A = -0.5;

    /** Reach of the kernel, in pixels of the coarser of both images. */
    private static final double SUPPORT = 2;

    private static final int BITS = 22;

    private final int side;
    private final int newSide;
    private final int[] first;
    private final int[][] weights;

    FixedPointCubic(int side, int newSide) {
        this.side = side;
        this.newSide = newSide;
        first = new int[newSide];
        weights = new int[newSide][];
        double scale = (double) side / newSide;
        double widened = Math.max(1, scale);
        for (int i = 0; i < newSide; i++) {
            double centre = (i + 0.5) * scale;
            int from = Math.max(0, (int) (centre - SUPPORT * widened + 0.5));
            int to = Math.min(side, (int) (centre + SUPPORT * widened + 0.5));
            double[] exact = new double[to - from];
            double sum = 0;
            for (int k = 0; k < exact.length; k++) {
                exact[k] = kernel((from + k + 0.5 - centre) * (1 / widened));
                sum += exact[k];
            }
            first[i] = from;
            weights[i] = new int[exact.length];
            for (int k = 0; k < exact.length; k++) {
                double fixed = exact[k] * (1 / sum) * (1 << BITS);
                weights[i][k] = (int) (fixed + Math.copySign(0.5, fixed));
            }
        }
    }

    private static double kernel(double x) {
        double t = Math.abs(x);
        if (t < 1) {
            return ((A + 2) * t - (A + 3)) * t * t + 1;
        }
        return t < 2 ? (((t - 5) * t + 8) * t - 4) * A : 0;
    }

    float[] resize(float[] plane) {
        float[] wide = new float[side * newSide];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < newSide; x++) {
                wide[y * newSide + x] = weighted(plane, y * side + first[x], 1, weights[x]);
            }
        }
        float[] resized = new float[newSide * newSide];
        for (int y = 0; y < newSide; y++) {
            for (int x = 0; x < newSide; x++) {
                resized[y * newSide + x] = weighted(wide, first[y] * newSide + x, newSide, weights[y]);
            }
        }
        return resized;
    }

    private static float weighted(float[] values, int from, int step, int[] weights) {
        int sum = 1 << (BITS - 1);
        for (int k = 0; k < weights.length; k++) {
            sum += ((int) values[from + k * step]) * weights[k];
        }
        return Math.min(255, Math.max(0, sum >> BITS));
    }
}
