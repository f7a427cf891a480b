package org.isofleet.metrics.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static final Lbfgs SEARCH = new Lbfgs(8, 2000, 1e-10, 0);

    @Test
    void rosenbrock_usualStart_endsInItsMinimum() {
        Differentiable rosenbrock = (x, g) -> {
            double a = x[1] - x[0] * x[0];
            g[0] = -400 * x[0] * a - 2 * (1 - x[0]);
            g[1] = 200 * a;
            return 100 * a * a + (1 - x[0]) * (1 - x[0]);
        };
        Lbfgs.Minimum minimum = SEARCH.minimise(rosenbrock, new double[] {-1.2, 1});
        assertThat(minimum.x()).containsExactly(new double[] {1, 1}, within(1e-8));
        assertThat(minimum.iterations()).isLessThan(60);
    }

    /** Scales up to 1 to 10,000; with 1 to a million one start in 400 takes more than the steps that are allowed here. */
    @Property(tries = 30)
    void quadratic_anyScales_endsInItsMinimum(@ForAll long seed) {
        Random random = new Random(seed);
        double[] scale = random.doubles(12, -2, 2).map(e -> Math.pow(10, e)).toArray();
        double[] center = random.doubles(12, -5, 5).toArray();
        Differentiable quadratic = (x, g) -> {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                double d = x[i] - center[i];
                g[i] = scale[i] * d;
                sum += scale[i] * d * d / 2;
            }
            return sum;
        };
        Lbfgs.Minimum minimum = SEARCH.minimise(quadratic, new double[12]);
        assertThat(minimum.value()).isCloseTo(0, within(1e-9));
    }

    @Test
    void startInTheMinimum_takesNoStep() {
        Lbfgs.Minimum minimum = SEARCH.minimise(
                (x, g) -> {
                    g[0] = 2 * x[0];
                    return x[0] * x[0];
                },
                new double[1]);
        assertThat(minimum.iterations()).isZero();
    }
}
