package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HuberSurfaceTest {
    @Test
    void gradient_smallAndLargeResiduals_equalsFiniteDifferences() {
        SurfacePoints points =
                SurfacePoints.of(Surfaces.grid(Surfaces.chinchilla(), 1e19, 3, 4, 0.002, 5), MetricScale.LOG);
        SurfaceEstimate start = new VariableProjection().fit(points);
        double[] x = {Math.log(start.e()), Math.log(start.a()), Math.log(start.b()), start.alpha(), start.beta()};
        double[] gradient = new double[5];
        HuberSurface.objective(points).evaluate(x, gradient);
        for (int i = 0; i < 5; i++) {
            double step = 1e-7;
            double[] ignored = new double[5];
            double[] up = x.clone();
            up[i] += step;
            double[] down = x.clone();
            down[i] -= step;
            double difference = (HuberSurface.objective(points).evaluate(up, ignored)
                            - HuberSurface.objective(points).evaluate(down, ignored))
                    / (2 * step);
            assertThat(gradient[i]).isCloseTo(difference, within(1e-4 * Math.max(1, Math.abs(difference))));
        }
    }
}
