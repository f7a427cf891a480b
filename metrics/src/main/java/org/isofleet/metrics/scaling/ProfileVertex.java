package org.isofleet.metrics.scaling;

import java.util.Arrays;

/** The best size among a few of one budget. */
public final class ProfileVertex {
    private ProfileVertex() {}

    /**
     * N at the vertex of the least-squares parabola in log N.
     *
     * @param params at least three sizes, rising
     * @param values small is good
     * @return NaN when the parabola has no minimum inside the sizes
     */
    public static double of(double[] params, double[] values) {
        double[] logN = Arrays.stream(params).map(Math::log).toArray();
        Parabola parabola = Parabola.through(logN, values);
        double vertex = parabola.vertex();
        boolean inside = parabola.curvature() > 0 && vertex > logN[0] && vertex < logN[logN.length - 1];
        return inside ? Math.exp(vertex) : Double.NaN;
    }
}
