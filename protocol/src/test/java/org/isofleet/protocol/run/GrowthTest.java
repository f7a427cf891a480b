package org.isofleet.protocol.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowthTest {
    @Test
    void gain_isTheDifferenceOfTheTimesWithAndWithoutTheWorker() {
        Growth growth = new Growth(8, 120, 0);
        for (int members = 1; members < 8; members++) {
            assertThat(growth.gainSeconds(members)).isCloseTo(120.0 / members - 120.0 / (members + 1), within(1e-9));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 4, 100, 49, true",
        "1, 4, 100, 50, false", // no more than it costs
        "2, 4, 100, 16, true",
        "2, 4, 100, 17, false", // the larger the group the less another is worth
        "4, 4, 1e9, 1, false", // a member for each shard
        "0, 4, 1e9, 1, false", // nobody trains
        "2, 4, 0, 5, false" // not measured
    })
    void worker_joinsIfItSavesMoreThanItCosts(int members, int most, double divisible, double joining, boolean pays) {
        assertThat(new Growth(most, divisible, joining).pays(members)).isEqualTo(pays);
    }
}
