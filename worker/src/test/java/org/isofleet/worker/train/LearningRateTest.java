package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.isofleet.protocol.study.ScheduleSpec;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void cosine_withWarmup_hasTheValuesOfItsFormula() {
        LearningRate rate = new LearningRate(ScheduleSpec.cosine(10, 0.1), 110, 2.0);
        assertThat(rate.at(1)).isEqualTo(0.2);
        assertThat(rate.at(10)).isEqualTo(2.0);
        assertThat(rate.at(60)).isCloseTo(2.0 * 0.55, within(1e-12)); // half-way: the mean of 1 and 0.1
        assertThat(rate.at(35)).isCloseTo(2.0 * (0.1 + 0.45 * (1 + Math.sqrt(0.5))), within(1e-12));
        assertThat(rate.at(110)).isEqualTo(0.2);
    }

    @Test
    void wsd_holdsThePeakThenCoolsDown() {
        LearningRate rate = new LearningRate(new ScheduleSpec(ScheduleSpec.Shape.WSD, 5, 0.2, 0), 100, 1.0);
        assertThat(rate.at(5)).isEqualTo(1.0);
        assertThat(rate.at(80)).isEqualTo(1.0);
        assertThat(rate.at(90)).isCloseTo(0.5, within(1e-12));
        assertThat(rate.at(100)).isZero();
    }

    @Test
    void wsd_withoutCooldown_staysAtThePeak() {
        LearningRate rate = new LearningRate(new ScheduleSpec(ScheduleSpec.Shape.WSD, 0, 0, 0), 3, 1.0);
        assertThat(rate.at(1)).isEqualTo(1.0);
        assertThat(rate.at(3)).isEqualTo(1.0);
    }

    @Test
    void cosine_ofOneStep_endsAtTheFinalShare() {
        assertThat(new LearningRate(ScheduleSpec.cosine(0, 0.25), 1, 1.0).at(1)).isEqualTo(0.25);
    }
}
