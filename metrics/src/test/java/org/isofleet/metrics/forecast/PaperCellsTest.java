package org.isofleet.metrics.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.isofleet.metrics.forecast.PaperCells.Law;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers that follow from the table of the paper (arXiv 2511.08704). */
@NullUnmarked // a missing number fails the assertion that reads it
class PaperCellsTest {
    @ParameterizedTest
    @CsvSource({
        "top1,16,0.456,0.544,5.65",
        "top1,32,0.534,0.466,9.45",
        "top1,64,0.659,0.341,11.10",
        "fd,16,0.449,0.552,-54.6",
        "fd,32,0.477,0.523,-67.3",
        "fd,64,0.575,0.425,-72.3"
    })
    void law_ofEveryMetricAndResolution_hasThePrintedExponentsAndIncrement(
            String metric, int resolution, double n, double d, double perDecade) {
        Law law = law(metric, resolution);
        assertThat(law.nExponent()).isCloseTo(n, within(0.00055));
        assertThat(law.dExponent()).isCloseTo(d, within(0.00055));
        assertThat(law.perDecade()).isCloseTo(perDecade, within(0.0551));
    }

    @Test
    void top1At32_atThePapersCheckRun_isWhatItPublished() {
        assertThat(law("top1", 32).at(PaperCells.LARGEST_BUDGET).value().value())
                .isCloseTo(46.4, within(0.1));
    }

    /** The distances of the table are those of protocol B; protocol A's check run was predicted at 244. */
    @Test
    void fdAt32_atTheSameBudget_isThatOfTheOtherProtocol() {
        assertThat(law("fd", 32).at(PaperCells.LARGEST_BUDGET).value().value()).isCloseTo(559, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({
        "top1,16,1e24,28.6e9",
        "top1,32,1e23,1.4e9",
        "top1,64,1e22,0.1e9",
        "fd,32,1e24,16.4e9",
        "fd,64,1e24,2.06e9"
    })
    void images_followFromOneTokenAPixel(String metric, int resolution, double flops, double images) {
        var projected = law(metric, resolution).at(flops).images();
        assertThat(projected).isNotNull();
        assertThat(projected.value() / images).isCloseTo(1, within(0.05));
    }

    @Test
    void imagesAt32AndTheSmallestBudget_areNotTheMisprint() {
        var projected = law("top1", 32).at(1e22).images();
        assertThat(projected).isNotNull();
        assertThat(projected.value()).isCloseTo(0.48e9, within(0.005e9));
    }

    @ParameterizedTest
    @CsvSource({"5,4.94", "4,5.74"})
    void yearsToTheLastBudget_areThoseOfThePaper(double factor, double years) {
        assertThat(Growth.of(PaperCells.LARGEST_BUDGET, 1e24, factor).years()).isCloseTo(years, within(0.005));
    }

    private static Law law(String metric, int resolution) {
        return PaperCells.laws().stream()
                .filter(law -> law.metric().equals(metric) && law.resolution() == resolution)
                .findFirst()
                .orElseThrow();
    }
}
