package org.isofleet.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NotationTest {
    @Test
    void count_keepsThreeDigits() {
        assertThat(Notation.count(0)).isEqualTo("0");
        assertThat(Notation.count(999)).isEqualTo("999");
        assertThat(Notation.count(999.6)).isEqualTo("1.00k");
        assertThat(Notation.count(48_213)).isEqualTo("48.2k");
        assertThat(Notation.count(99_960)).isEqualTo("100k");
        assertThat(Notation.count(1_304_000)).isEqualTo("1.30M");
        assertThat(Notation.count(Double.NaN)).isEqualTo("–");
    }

    @Test
    void flops_arePowersOfTen() {
        assertThat(Notation.flops(2e10)).isEqualTo("2e10");
        assertThat(Notation.flops(1.6e11)).isEqualTo("1.6e11");
        assertThat(Notation.flops(3e9)).isEqualTo("3e9");
    }

    @Test
    void digits_haveExponentsWithoutPadding() {
        assertThat(Notation.digits(7.19e5)).isEqualTo("7.19e5");
        assertThat(Notation.digits(8.1e-10)).isEqualTo("8.10e-10");
        assertThat(Notation.digits(2e-7)).isEqualTo("2.00e-7");
        assertThat(Notation.digits(211)).isEqualTo("211");
        assertThat(Notation.digits(3.494)).isEqualTo("3.49");
    }

    @Test
    void time_growsWithItsSize() {
        assertThat(Notation.time(Duration.ofSeconds(4))).isEqualTo("4s");
        assertThat(Notation.time(Duration.ofSeconds(187))).isEqualTo("3:07");
        assertThat(Notation.time(Duration.ofSeconds(3765))).isEqualTo("1:02:45");
    }
}
