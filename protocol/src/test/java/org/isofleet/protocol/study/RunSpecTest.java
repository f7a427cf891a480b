package org.isofleet.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.protocol.study.Bounds.refused;
import static org.isofleet.protocol.study.Bounds.taken;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The edges of every number in a run's spec, and what is counted from them. */
class RunSpecTest {
    private static final String SHA = "0123456789abcdef".repeat(4);

    static Stream<Bounds> specs() {
        return Stream.of(
                taken("one step", () -> spec(1, 4, 4, 0, "dl4j", "fp32", 1, 1000)),
                refused("no step", "at least one step", () -> spec(0, 4, 4, 0, "dl4j", "fp32", 1, 1000)),
                taken("one shard", () -> spec(10, 3, 1, 0, "dl4j", "fp32", 1, 1000)),
                refused("no shard", "power of two, not 0", () -> spec(10, 4, 0, 0, "dl4j", "fp32", 1, 1000)),
                refused("negative shards", "not -4", () -> spec(10, 4, -4, 0, "dl4j", "fp32", 1, 1000)),
                refused("three shards", "power of two, not 3", () -> spec(10, 6, 3, 0, "dl4j", "fp32", 1, 1000)),
                taken("an image a shard", () -> spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1000)),
                refused("fewer images than shards", "multiple of 4", () -> spec(10, 2, 4, 0, "dl4j", "fp32", 1, 1000)),
                refused("images that do not split", "multiple of 4", () -> spec(10, 6, 4, 0, "dl4j", "fp32", 1, 1000)),
                refused("no image", "multiple of 1", () -> spec(10, 0, 1, 0, "dl4j", "fp32", 1, 1000)),
                taken("warm-up but for one step", () -> spec(10, 4, 4, 9, "dl4j", "fp32", 1, 1000)),
                refused("nothing but warm-up", "leaves none of 10", () -> spec(10, 4, 4, 10, "dl4j", "fp32", 1, 1000)),
                taken("the other engine", () -> spec(10, 4, 4, 0, "torch", "bf16", 1, 1000)),
                refused("no engine", "dl4j or torch, not ''", () -> spec(10, 4, 4, 0, "", "fp32", 1, 1000)),
                refused("no precision", "fp32 or bf16, not 'fp64'", () -> spec(10, 4, 4, 0, "dl4j", "fp64", 1, 1000)),
                taken("a checkpoint a step", () -> spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1000)),
                refused("no checkpoint", "one step apart", () -> spec(10, 4, 4, 0, "dl4j", "fp32", 0, 1000)),
                taken("a million epochs", () -> spec(1_000_000, 4, 4, 0, "dl4j", "fp32", 1, 4)),
                refused("more", "epochs must lie in", () -> spec(1_000_001, 4, 4, 0, "dl4j", "fp32", 1, 4)));
    }

    static Stream<Bounds> shapes() {
        return Stream.of(
                taken("smallest", () -> new ModelShape(1, 1, 2, 1, 2, 1, 1)),
                taken("largest image", () -> new ModelShape(1024, 3, 256, 1, 2, 1, 1)),
                refused("no pixel", "1 to 1024", () -> new ModelShape(0, 3, 256, 1, 2, 1, 1)),
                refused("too large an image", "1 to 1024", () -> new ModelShape(1025, 3, 256, 1, 2, 1, 1)),
                refused("two channels", "not 2", () -> new ModelShape(16, 2, 256, 1, 2, 1, 1)),
                refused("one level", "power of two", () -> new ModelShape(16, 3, 1, 1, 2, 1, 1)),
                refused("512 levels", "power of two", () -> new ModelShape(16, 3, 512, 1, 2, 1, 1)),
                refused("48 levels", "power of two", () -> new ModelShape(16, 3, 48, 1, 2, 1, 1)),
                refused("no layer", "layers", () -> new ModelShape(16, 3, 32, 0, 2, 1, 1)),
                refused("no head", "heads", () -> new ModelShape(16, 3, 32, 1, 2, 0, 1)),
                refused("heads that do not divide", "even number", () -> new ModelShape(16, 3, 32, 1, 8, 3, 1)),
                refused("odd heads", "even number", () -> new ModelShape(16, 3, 32, 1, 6, 2, 1)),
                refused("width 0", "even number", () -> new ModelShape(16, 3, 32, 1, 0, 1, 1)),
                refused("nothing hidden", "hidden", () -> new ModelShape(16, 3, 32, 1, 2, 1, 0)));
    }

    static Stream<Bounds> parts() {
        return Stream.of(
                refused("no budget", "above 0, not 0.0", () -> new Budget(0)),
                refused("endless budget", "finite", () -> new Budget(Double.POSITIVE_INFINITY)),
                refused("budget that is no number", "NaN", () -> new Budget(Double.NaN)),
                taken("beta1 of 0", () -> new OptimizerSpec(1, 0, 0.9, 1e-8, 0, 1)),
                refused("beta1 of 1", "[0, 1)", () -> new OptimizerSpec(1, 1, 0.9, 1e-8, 0, 1)),
                refused("beta2 of 0", "(0, 1)", () -> new OptimizerSpec(1, 0, 0, 1e-8, 0, 1)),
                refused("beta2 of 1", "(0, 1)", () -> new OptimizerSpec(1, 0, 1, 1e-8, 0, 1)),
                taken("decay of 1", () -> new OptimizerSpec(1, 0, 0.9, 1e-8, 1, 1)),
                refused("more decay", "weight decay", () -> new OptimizerSpec(1, 0, 0.9, 1e-8, 1.01, 1)),
                refused("decay that is no number", "NaN", () -> new OptimizerSpec(1, 0, 0.9, 1e-8, Double.NaN, 1)),
                refused("no rate", "learning rate", () -> new OptimizerSpec(0, 0, 0.9, 1e-8, 0, 1)),
                refused("no epsilon", "epsilon", () -> new OptimizerSpec(1, 0, 0.9, 0, 0, 1)),
                refused("clipped to nothing", "clip norm", () -> new OptimizerSpec(1, 0, 0.9, 1e-8, 0, 0)),
                refused("warm-up before the start", "negative", () -> ScheduleSpec.cosine(-1, 0.1)),
                taken("down to nothing", () -> ScheduleSpec.cosine(0, 0)),
                refused("up", "final fraction", () -> ScheduleSpec.cosine(0, 1.1)),
                refused("set without an image", "at least one", () -> new ImageSetRef("x", SHA, 0)),
                refused("set of nowhere", "not be empty", () -> new ImageSetRef(" ", SHA, 1)),
                refused("short digest", "64 hexadecimal", () -> new ImageSetRef("x", SHA.substring(1), 1)),
                refused("digest in capitals", "64 hexadecimal", () -> new ImageSetRef("x", "A".repeat(64), 1)),
                taken("an id", () -> new RunId("0123456789abcdef")),
                refused("half an id", "16 hexadecimal", () -> new RunId("01234567")),
                refused("an id of other letters", "16 hexadecimal", () -> new RunId("0123456789abcdeg")));
    }

    @ParameterizedTest
    @MethodSource({"specs", "shapes", "parts"})
    void valueAtTheEdge_isTakenOrRefused(Bounds bounds) {
        bounds.check();
    }

    @Test
    void id_changesWithEveryComponent() {
        Set<RunId> ids = new HashSet<>();
        List<RunSpec> specs = List.of(
                spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1000),
                spec(11, 4, 4, 0, "dl4j", "fp32", 1, 1000),
                spec(10, 8, 4, 0, "dl4j", "fp32", 1, 1000),
                spec(10, 4, 2, 0, "dl4j", "fp32", 1, 1000),
                spec(10, 4, 4, 1, "dl4j", "fp32", 1, 1000),
                spec(10, 4, 4, 0, "torch", "fp32", 1, 1000),
                spec(10, 4, 4, 0, "dl4j", "bf16", 1, 1000),
                spec(10, 4, 4, 0, "dl4j", "fp32", 2, 1000),
                spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1001));
        specs.forEach(spec -> ids.add(spec.id()));
        assertThat(ids).hasSameSizeAs(specs);
        assertThat(spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1000).id())
                .isEqualTo(specs.get(0).id());
    }

    @Test
    void id_isTheSame_whereverAFolderOfImagesLies() {
        assertThat(of(new ImageSetRef("/mnt/a", SHA, 1000)).id())
                .isEqualTo(of(new ImageSetRef("/b", SHA, 1000)).id());
        assertThat(of(new ImageSetRef("/mnt/a", SHA, 1000)).id())
                .isNotEqualTo(of(new ImageSetRef("/mnt/a", SHA.replace('0', '1').replace('a', 'b'), 1000))
                        .id());
    }

    private static RunSpec of(ImageSetRef images) {
        RunSpec spec = spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1000);
        return new RunSpec(
                spec.shape(),
                images,
                spec.budget(),
                spec.steps(),
                spec.batch(),
                spec.virtualShards(),
                spec.optimizer(),
                spec.schedule(),
                spec.engine(),
                spec.precision(),
                spec.seed(),
                spec.checkpointEvery(),
                spec.exact());
    }

    @Test
    void id_staysWhatItWas() {
        assertThat(spec(10, 4, 4, 0, "dl4j", "fp32", 1, 1000).id()).hasToString("216fdf6b05e44c4e");
    }

    @Test
    void counts_followFromTheNumbers() {
        RunSpec spec = spec(10, 8, 4, 0, "dl4j", "fp32", 1, 1000);
        assertThat(spec.imagesSeen()).isEqualTo(80);
        assertThat(spec.tokensSeen()).isEqualTo(80 * 256);
        assertThat(spec.shardImages()).isEqualTo(2);
        assertThat(spec.epochs()).isEqualTo(0.08);
        assertThat(spec.flops6nd()).isEqualTo(6.0 * spec.shape().params() * 80 * 256);
        assertThat(spec.exactFlops()).isGreaterThan(spec.flops6nd());
    }

    private static RunSpec spec(
            long steps,
            int batch,
            int shards,
            long warmup,
            String engine,
            String precision,
            long checkpointEvery,
            long images) {
        return new RunSpec(
                ModelShape.of(16, 3, 32, 2, 32, 2),
                new ImageSetRef("embedded:none", SHA, images),
                new Budget(1e10),
                steps,
                batch,
                shards,
                OptimizerSpec.of(1e-3, 0.95),
                ScheduleSpec.cosine(warmup, 0.1),
                engine,
                precision,
                1,
                checkpointEvery,
                true);
    }
}
