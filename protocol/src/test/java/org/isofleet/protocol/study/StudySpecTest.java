package org.isofleet.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.protocol.study.Bounds.refused;
import static org.isofleet.protocol.study.Bounds.taken;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The edges of the records that a study file becomes. */
class StudySpecTest {
    private static final String SHA = "0123456789abcdef".repeat(4);
    private static final ModelSize SMALL = new ModelSize(2, 8, 1);

    static Stream<Bounds> limits() {
        return Stream.of(
                taken("the least", () -> new StudyLimits(1, 1, 0.1, 0, 1, true, true, 1)),
                refused("no step", "min-steps", () -> new StudyLimits(0, 1, 1, 0, 1, true, true, 1)),
                refused("fit below training", "fit-min-steps (1)", () -> new StudyLimits(2, 1, 1, 0, 1, true, true, 1)),
                refused("no epoch", "max-epochs", () -> new StudyLimits(1, 1, 0, 0, 1, true, true, 1)),
                refused("no ratio between", "above", () -> new StudyLimits(1, 1, 1, 5, 5, true, true, 1)),
                refused("negative ratio", "above", () -> new StudyLimits(1, 1, 1, -1, 5, true, true, 1)),
                refused(
                        "ratio that is no number",
                        "above",
                        () -> new StudyLimits(1, 1, 1, 0, Double.NaN, true, true, 1)),
                refused("no memory", "memory", () -> new StudyLimits(1, 1, 1, 0, 1, true, true, 0)));
    }

    static Stream<Bounds> policies() {
        return Stream.of(
                taken("the least", () -> policy(1, 1, 1, 1, 1, 0)),
                refused("no worker", "one worker", () -> policy(0, 1, 1, 1, 1, 0)),
                refused("no attempt", "one attempt", () -> policy(1, 0, 1, 1, 1, 0)),
                refused("no back-off", "backoff", () -> policy(1, 1, 0, 1, 1, 0)),
                refused("largest below the first", "largest", () -> policy(1, 1, 2, 1, 1, 0)),
                refused("no timeout", "timeout", () -> policy(1, 1, 1, 1, 0, 0)),
                refused("negative cost", "cost", () -> policy(1, 1, 1, 1, 1, -1)),
                refused("cost that is no number", "cost", () -> policy(1, 1, 1, 1, 1, Double.NaN)));
    }

    static Stream<Bounds> evaluations() {
        List<EvaluationKind> once = List.of(EvaluationKind.LINEAR_PROBE);
        List<EvaluationKind> twice = List.of(EvaluationKind.LINEAR_PROBE, EvaluationKind.LINEAR_PROBE);
        return Stream.of(
                taken("the least", () -> new EvaluationSpec(List.of(), 0, 0, 2, 0, 1e-9, 0)),
                refused("a metric twice", "once", () -> new EvaluationSpec(twice, 0, 0, 2, 0, 1, 0)),
                refused("negative counts", "negative", () -> new EvaluationSpec(once, -1, 0, 2, 0, 1, 0)),
                refused("negative probe", "negative", () -> new EvaluationSpec(once, 0, -1, 2, 0, 1, 0)),
                refused("negative references", "negative", () -> new EvaluationSpec(once, 0, 0, 2, -1, 1, 0)),
                refused("one completion", "at least 2", () -> new EvaluationSpec(once, 0, 0, 1, 0, 1, 0)),
                refused("no temperature", "temperature", () -> new EvaluationSpec(once, 0, 0, 2, 0, 0, 0)),
                taken("a at the model's side", () -> distance(DistanceProtocol.A, 0, 0)),
                refused("a at a side", "distance = a", () -> distance(DistanceProtocol.A, 64, 0)),
                taken("b at a side", () -> distance(DistanceProtocol.B, 64, 1)),
                refused("b without a side", "reference-resolution", () -> distance(DistanceProtocol.B, 0, 0)),
                refused("negative side", "side", () -> distance(DistanceProtocol.OWN, -1, 0)),
                refused("negative samples", "samples-per-prompt", () -> distance(DistanceProtocol.OWN, 0, -1)),
                refused("no card", "card", () -> FeatureRef.unopened(" ")),
                refused("no digest", "64 hexadecimal", () -> new FeatureRef("a.conf", "12", "")));
    }

    private static EvaluationProtocol distance(DistanceProtocol distance, int side, int samplesPerPrompt) {
        return new EvaluationProtocol(
                ProbeProtocol.IGPT, distance, side, "", samplesPerPrompt, true, FeatureRef.EMBEDDED);
    }

    /** The text of before there was a choice of protocols: studies keep their ids. */
    @Test
    void identity_ofTheUsualProtocol_doesNotNameIt() {
        EvaluationSpec usual = EvaluationSpec.defaults();
        assertThat(usual.identity())
                .isEqualTo(
                        "EvaluationSpec(kinds=[HELD_OUT_LOSS,LINEAR_PROBE,COMPLETIONS,],heldOutImages=0,probeImages=0,"
                                + "completions=512,references=0,temperature=1.0,seed=1,)");
        EvaluationSpec other = usual.with(distance(DistanceProtocol.OWN, 0, 0));
        assertThat(other.identity()).contains("probe=IGPT");
    }

    @Test
    void identity_ofFeatures_isTheirDigestWhereverTheyLie() {
        EvaluationSpec here = features("/here/card.conf", "a".repeat(64));
        assertThat(features("/there/card.conf", "a".repeat(64)).identity()).isEqualTo(here.identity());
        assertThat(features("/here/card.conf", "b".repeat(64)).identity()).isNotEqualTo(here.identity());
        assertThat(here.identity()).isNotEqualTo(EvaluationSpec.defaults().identity());
    }

    private static EvaluationSpec features(String card, String sha256) {
        EvaluationSpec usual = EvaluationSpec.defaults();
        return usual.with(usual.protocol().opened("", new FeatureRef(card, sha256, "8x8")));
    }

    @Test
    void protocolWithOtherCounts_isNotCalledThePublishedOne() {
        assertThat(DistanceProtocol.A.name(8192, 2048)).isEqualTo("protocol A");
        assertThat(DistanceProtocol.A.name(8192, 2000)).isEqualTo("protocol A with counts of its own");
        assertThat(DistanceProtocol.B.name(10_000, 10_000)).isEqualTo("protocol B");
        assertThat(DistanceProtocol.OWN.name(8192, 2048)).isEqualTo("counts of its own");
    }

    static Stream<Bounds> choices() {
        return Stream.of(
                taken("no repeats", () -> new Repeats(List.of(), 1)),
                refused("a seed repeated twice", "repeats.seeds", () -> new Repeats(List.of(2L, 2L), 1)),
                refused("no cell to repeat", "repeats.cells", () -> new Repeats(List.of(2L), 0)),
                taken("one image", () -> new BatchRule.Fixed(1)),
                refused("no image", "at least 1", () -> new BatchRule.Fixed(0)),
                refused("min of 3", "batch.min", () -> new BatchRule.PowerLaw(1, 1, 3, 8)),
                refused("min of 0", "batch.min", () -> new BatchRule.PowerLaw(1, 1, 0, 8)),
                refused("max below min", "batch.max", () -> new BatchRule.PowerLaw(1, 1, 8, 4)),
                refused("max of 12", "batch.max", () -> new BatchRule.PowerLaw(1, 1, 8, 12)),
                refused("endless exponent", "finite", () -> new BatchRule.PowerLaw(1, Double.NaN, 1, 1)),
                refused("no size", "at least one size", () -> new ModelChoice.Sizes(List.of())),
                refused("a size twice", "once", () -> new ModelChoice.Sizes(List.of(SMALL, SMALL))),
                taken("a range of one", () -> new ModelChoice.Range(5, 5, 1)),
                refused("a range downwards", "models.to", () -> new ModelChoice.Range(5, 4, 1)),
                refused("a range of none", "models.count", () -> new ModelChoice.Range(5, 6, 0)),
                refused("a size of no layer", "1 layer", () -> new ModelSize(0, 8, 1)),
                refused("a size of odd heads", "even number", () -> new ModelSize(1, 6, 2)),
                refused("no rate", "learning rate", () -> new RateRule.PowerLaw(0, 0, 0, 0.9)),
                refused("endless exponents", "finite", () -> new RateRule.PowerLaw(1, 0, 1 / 0.0, 0.9)),
                refused("a tuning of no file", "tuning.file", () -> new RateRule.Cited("", SHA)),
                refused("a tuning of no digest", "tuning.sha256", () -> new RateRule.Cited("t.json", "abc")),
                refused("no place", "not be empty", () -> new ImageSelection("", 3, 32, List.of(16))),
                refused("no resolution", "at least one", () -> new ImageSelection("x", 3, 32, List.of())),
                refused("a resolution twice", "once", () -> new ImageSelection("x", 3, 32, List.of(16, 16))),
                refused("a resolution of 0", "1 to 1024", () -> new ImageSelection("x", 3, 32, List.of(0))),
                refused("two channels", "grey", () -> new ImageSelection("x", 2, 32, List.of(16))),
                refused("ten levels", "power of two", () -> new ImageSelection("x", 3, 10, List.of(16))));
    }

    static Stream<Bounds> tunings() {
        return Stream.of(
                taken("the least", () -> tuning(3, 5, 3, 2, 2)),
                refused("two sizes", "tune.sizes", () -> tuning(2, 5, 3, 2, 2)),
                refused("four rates", "tune.learning-rates", () -> tuning(3, 4, 3, 2, 2)),
                refused("two batches", "tune.batches", () -> tuning(3, 5, 2, 2, 2)),
                refused("one beta2", "tune.beta2", () -> tuning(3, 5, 3, 1, 2)),
                refused("one seed", "tune.check-seeds", () -> tuning(3, 5, 3, 2, 1)),
                refused("checked on what it is made from", "tune.check", () -> tuning(9, 5, 3, 2, 2)));
    }

    @ParameterizedTest
    @MethodSource({"limits", "policies", "evaluations", "choices", "tunings"})
    void valueAtTheEdge_isTakenOrRefused(Bounds bounds) {
        bounds.check();
    }

    @ParameterizedTest
    @CsvSource({"1e9, 8", "1, 1", "100, 2", "1.9, 1", "1e300, 8"})
    void batchOfAPowerLaw_isAPowerOfTwoWithinItsBounds(double params, int images) {
        assertThat(new BatchRule.PowerLaw(5, 1, 1, 8).images(params, 256)).isEqualTo(images);
    }

    @ParameterizedTest
    @CsvSource({"1000, 100", "5000, 50", "200, 20"})
    void warmUp_isBySizeWithinItsBounds(long steps, long warmup) {
        ScheduleRule rule = new ScheduleRule(ScheduleSpec.Shape.COSINE, 0.2, 0.1, 10, 50, 0.1);
        double params = steps == 1000 ? 1e6 : 1;
        assertThat(rule.schedule(params, steps, 1000).warmupSteps()).isEqualTo(warmup);
    }

    private static RunPolicy policy(int workers, int attempts, long backoff, long most, long timeout, double cost) {
        return new RunPolicy(
                workers,
                attempts,
                Duration.ofMillis(backoff),
                Duration.ofMillis(most),
                Duration.ofMillis(timeout),
                Duration.ofHours(1),
                Duration.ofHours(1),
                cost);
    }

    private static TuningGrid tuning(int sizes, int rates, int batches, int beta2s, int seeds) {
        return new TuningGrid(
                new Budget(1e9),
                Stream.iterate(1, n -> n + 1)
                        .limit(sizes)
                        .map(n -> new ModelSize(n, 8, 1))
                        .toList(),
                Stream.iterate(1e-4, r -> r * 2).limit(rates).toList(),
                Stream.iterate(1, b -> b * 2).limit(batches).toList(),
                Stream.iterate(0.9, b -> b + 0.01).limit(beta2s).toList(),
                new ModelSize(9, 8, 1),
                seeds,
                0);
    }
}
