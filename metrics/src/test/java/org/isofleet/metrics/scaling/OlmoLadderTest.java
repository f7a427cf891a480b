package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The nine targets of the OLMo ladder (arXiv 2412.04403): sixteen training points each, and the 13B model that was trained afterwards. Beside each are the
 * published mean relative error of the fit and relative error of the prediction.
 */
@NullUnmarked // a missing group fails the assertion that reads it
class OlmoLadderTest {
    /** The published search stops where its gradient is small, ours where ours is. */
    private static final double ROUNDING = 1e-4;

    @ParameterizedTest
    @CsvSource({
        "mmlu_avg_test_5shot:bpb,0.00459955846280895,0.001774516344317021",
        "hellaswag_val_5shot:bpb,0.002564809550553303,-0.011736859704110904",
        "arc_challenge_test_5shot:bpb,0.004845000187424237,0.09444838036363072",
        "arc_easy_test_5shot:bpb,0.011775123423672772,0.15978783071060298",
        "piqa_val_5shot:bpb,0.003104357884309965,-0.026696073643929813",
        "csqa_val_5shot:bpb,0.010454759586642956,-0.18464475269975295",
        "socialiqa_val_5shot:bpb,0.005396831679934047,0.03628869124414146",
        "openbookqa_test_5shot:bpb,0.00594152057987821,0.0093476208355563",
        "c4,0.0024730743790536483,-0.03834843411636423"
    })
    void target_fitErrorAtMostThePublished_predictionWithinATenthOfAPoint(
            String target, double publishedFit, double publishedPrediction) throws Exception {
        Path file = Path.of(OlmoLadderTest.class
                .getResource("/scaling/olmo/olmo_ladder_step1_points.csv")
                .toURI());
        Map<Map<String, String>, List<Observation>> groups =
                new PointsCsv("flops", "params", "tokens", "value", List.of("target", "mode")).read(file);
        List<Observation> train = groups.get(Map.of("target", target, "mode", "train"));
        assertThat(train).hasSize(16);
        SurfacePoints points = SurfacePoints.of(train, MetricScale.LOG);
        LossSurface surface = new HuberSurface().fit(points).surface(points);
        double error = train.stream()
                .mapToDouble(p -> Math.abs(surface.at(p.params(), p.tokens()) / p.metric() - 1))
                .average()
                .orElseThrow();
        assertThat(error).as("fit").isLessThanOrEqualTo(publishedFit * (1 + ROUNDING));
        Observation largest = groups.get(Map.of("target", target, "mode", "eval")).stream()
                .max(java.util.Comparator.comparingDouble(Observation::params))
                .orElseThrow();
        double relative = surface.at(largest.params(), largest.tokens()) / largest.metric() - 1;
        assertThat(Math.abs(relative - publishedPrediction)).as("prediction").isLessThan(0.001);
    }
}
