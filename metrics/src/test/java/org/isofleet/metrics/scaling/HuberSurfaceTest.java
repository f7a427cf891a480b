package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a missing field fails the assertion that reads it
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

    /** Sixteen training points of the OLMo ladder (arXiv 2412.04403), target c4, with the published fit error and prediction. */
    @Test
    void olmoLadderC4_publishedFitErrorAndPrediction_comeBack() throws Exception {
        Path file = Path.of(HuberSurfaceTest.class
                .getResource("/scaling/olmo/olmo_ladder_c4.csv")
                .toURI());
        Map<Map<String, String>, List<Observation>> groups =
                new PointsCsv("flops", "params", "tokens", "value", List.of("mode")).read(file);
        List<Observation> train = groups.get(Map.of("mode", "train"));
        SurfacePoints points = SurfacePoints.of(train, MetricScale.LOG);
        LossSurface surface = new HuberSurface().fit(points).surface(points);
        double error = train.stream()
                .mapToDouble(p -> Math.abs(surface.at(p.params(), p.tokens()) / p.metric() - 1))
                .average()
                .orElseThrow();
        assertThat(error).isCloseTo(0.0024731, within(2e-5));
        Observation largest = groups.get(Map.of("mode", "eval")).stream()
                .max(java.util.Comparator.comparingDouble(Observation::params))
                .orElseThrow();
        double relative = surface.at(largest.params(), largest.tokens()) / largest.metric() - 1;
        assertThat(relative).isCloseTo(-0.03835, within(5e-4));
    }
}
