package org.isofleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SampleNumbersTest {
    @Test
    void uniform_overKeysAndCounters_isEven() {
        int[] bins = new int[10];
        for (int key = 0; key < 100; key++) {
            for (int counter = 0; counter < 100; counter++) {
                bins[(int) (10 * SampleNumbers.uniform(key, counter))]++;
            }
        }
        for (int bin : bins) {
            assertThat(bin).isBetween(880, 1120); // 4 standard deviations
        }
    }
}
