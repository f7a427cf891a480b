package org.isofleet.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void interval_isThatOfTheMedianByOrderStatistics() {
        // n = 9: the 2nd and 8th of the sample enclose the median with 96.1 % (binomial), the 3rd and 7th with 82 %.
        BenchAnswer.Ratio ratio = BenchAnswer.Ratio.of(List.of(5.0, 1.0, 9.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0));
        assertThat(ratio).isEqualTo(new BenchAnswer.Ratio(5, 2, 8));
    }

    @Test
    void interval_isTheRangeWhenRoundsAreFew() {
        assertThat(BenchAnswer.Ratio.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new BenchAnswer.Ratio(2, 1, 3));
    }

    @Test
    void interval_narrowsWithRounds() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList();
        // n = 100: the 40th and 61st (Conover, Practical Nonparametric Statistics, table A3).
        assertThat(BenchAnswer.Ratio.of(hundred)).isEqualTo(new BenchAnswer.Ratio(50.5, 40, 61));
    }
}
