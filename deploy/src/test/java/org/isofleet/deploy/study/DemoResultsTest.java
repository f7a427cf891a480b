package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.isofleet.coordinator.fit.FittedMetric;
import org.isofleet.coordinator.fit.StandardFits;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.PointsCsv;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.PackedImageSets;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the README tells of the demo follows from a run that is kept here, by the classes that made the demo's own report. */
@NullUnmarked // a missing field fails the assertion that reads it
class DemoResultsTest {
    private static final PackedImageSets SETS = PackedImageSets.inUserCache();

    private static StudyPlan plan;
    private static String readme;

    @BeforeAll
    static void read() throws IOException {
        plan = StudyPlans.plan(StudySource.open(StudySource.DEMO), new LocalImages(SETS));
        readme = Files.readString(Path.of("..", "README.md"));
    }

    @Test
    void keptRuns_areThoseThatTheDemoPlansToday() {
        assertThat(column("loss_nats_per_pixel").keySet())
                .containsExactlyInAnyOrderElementsOf(
                        plan.runs().stream().map(run -> run.spec().id().value()).toList());
        assertThat(readme).contains(plan.runs().size() + " runs, all three metrics and the report in");
    }

    @Test
    void lawsOfTheLoss_areThoseOfTheReadme() {
        List<ScalingFit> fits = fits(FittedMetric.LOSS, "loss_nats_per_pixel");
        assertThat(fits).extracting(ScalingFit::method).containsExactly("vpnls", "local-parabola", "akima");
        assertThat(fits.get(0).status()).isEqualTo("ok");
        for (ScalingFit fit : fits) {
            assertThat(readme)
                    .contains("`" + fit.method() + "`, " + fit.status() + " | N ∝ C^" + Narrative.words(fit.nExponent())
                            + ", D ∝ C^" + Narrative.words(fit.dExponent()) + " |");
        }
        ScalingFit.SurfaceIntervals surface = fits.get(0).parametric().intervals();
        assertThat(readme)
                .contains("| E " + digits(surface.e()) + ", A " + digits(surface.a()) + ", B " + digits(surface.b())
                        + ", α " + digits(surface.alpha()) + ", β " + digits(surface.beta()) + " |");
    }

    @Test
    void measuredMinimaOfTheLoss_lieInsideTheSizesOfEveryBudget() {
        Map<Double, List<Observation>> budgets = column("loss_nats_per_pixel").values().stream()
                .sorted(Comparator.comparingDouble(Observation::params))
                .collect(Collectors.groupingBy(Observation::budgetFlops));
        for (List<Observation> sizes : budgets.values()) {
            Observation best = sizes.stream()
                    .min(Comparator.comparingDouble(Observation::metric))
                    .orElseThrow();
            assertThat(sizes.indexOf(best)).isBetween(1, sizes.size() - 2);
        }
        assertThat(budgets).hasSizeGreaterThanOrEqualTo(3).hasSize(4);
        assertThat(readme).contains("| inside the sizes tried at all four budgets |");
    }

    @Test
    void bestLoss_isBelowTheEntropyOfJointColours() {
        var images = StudySource.open(StudySource.DEMO).spec().images();
        double entropy = new LocalImages(SETS)
                .colours(images.location(), 16, images.channels(), images.levels())
                .jointNatsPerPixel();
        double best = least(column("loss_nats_per_pixel"));
        assertThat(best).isLessThan(entropy);
        assertThat(readme)
                .contains(text("| %.2f nats a pixel; entropy of joint colours at these levels %.2f |", best, entropy));
    }

    @Test
    void probe_isAboveMajorityUntrainedNetworkAndChance_butNotAboveRawPixels() throws IOException {
        SortedMap<String, Observation> probe = column("top1");
        SortedMap<String, Observation> untrained = column("top1_untrained");
        SortedMap<String, Observation> majority = column("top1_majority");
        double chance;
        try (ImageSet set = SETS.open("embedded:emoji", 16, 3, 32)) {
            chance = 1.0 / set.classes().size();
        }
        probe.forEach((run, result) -> assertThat(result.metric())
                .isGreaterThan(untrained.get(run).metric())
                .isGreaterThan(majority.get(run).metric())
                .isGreaterThan(chance));
        double rawPixels = least(column("top1_raw_pixels"));
        assertThat(most(probe)).isLessThan(rawPixels);
        assertThat(readme)
                .contains(text(
                        "| %.0f to %.0f %%; untrained networks of the same shapes %.0f to %.0f %%, each below its trained one;"
                                + " majority %.0f %%, chance %.0f %%; raw pixels %.0f %%, above all of them |",
                        100 * least(probe),
                        100 * most(probe),
                        100 * least(untrained),
                        100 * most(untrained),
                        100 * most(majority),
                        100 * chance,
                        100 * rawPixels));
    }

    @Test
    void lawsOfProbeAndDistance_areNotClaimed() {
        assertThat(statuses(FittedMetric.TOP1, "top1")).isEqualTo("local-parabola refused, akima indicative");
        assertThat(statuses(FittedMetric.FRECHET_DISTANCE, "frechet_distance"))
                .isEqualTo("local-parabola refused, akima refused");
        assertThat(readme)
                .contains(
                        "The laws of the probe and of the Fréchet distance are\nrefused or indicative at these budgets");
    }

    private static String statuses(FittedMetric metric, String column) {
        return fits(metric, column).stream()
                .map(fit -> fit.method() + " " + fit.status())
                .collect(Collectors.joining(", "));
    }

    private static List<ScalingFit> fits(FittedMetric metric, String column) {
        var shapes = plan.runs().stream()
                .filter(PlannedRun::fitted)
                .map(run -> run.spec().shape())
                .distinct()
                .toList();
        return new StandardFits()
                .fit(metric, Map.of(), List.copyOf(column(column).values()), shapes);
    }

    /** A column of the kept runs by the id of the run. */
    private static SortedMap<String, Observation> column(String name) {
        SortedMap<String, Observation> runs = new TreeMap<>();
        new PointsCsv("budget_flops", "params", "tokens", name, List.of("id"))
                .read(kept())
                .forEach((group, points) -> runs.put(group.get("id"), points.get(0)));
        return runs;
    }

    private static Path kept() {
        try {
            return Path.of(DemoResultsTest.class.getResource("demo-runs.csv").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double least(Map<String, Observation> runs) {
        return runs.values().stream().mapToDouble(Observation::metric).min().orElseThrow();
    }

    private static double most(Map<String, Observation> runs) {
        return runs.values().stream().mapToDouble(Observation::metric).max().orElseThrow();
    }

    private static String digits(Interval interval) {
        return text("%.3g [%.2g, %.2g]", interval.value(), interval.low(), interval.high());
    }

    private static String text(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
