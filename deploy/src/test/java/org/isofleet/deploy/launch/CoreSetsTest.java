package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoreSetsTest {
    private final CoreSets five = CoreSets.parse("0-3,8");

    @Test
    void parse_rangesAndSingles_listsAll() {
        assertThat(five.allowed()).containsExactly(0, 1, 2, 3, 8);
        assertThat(CoreSets.parse("7").allowed()).containsExactly(7);
    }

    @Test
    void prefix_fleetFillsTheMachine_eachHasCoresOfItsOwn() {
        assertThat(five.prefix(0, 2, 2)).isEqualTo(List.of("taskset", "--cpu-list", "0,1"));
        assertThat(five.prefix(1, 2, 2)).isEqualTo(List.of("taskset", "--cpu-list", "2,3"));
        assertThat(five.prefix(4, 5, 1)).isEqualTo(List.of("taskset", "--cpu-list", "8"));
    }

    @Test
    void prefix_coresAreLeftForAnother_orTooFew_orOneWorker_isEmpty() {
        assertThat(five.prefix(0, 2, 1)).isEmpty();
        assertThat(five.prefix(0, 3, 2)).isEmpty();
        assertThat(five.prefix(0, 1, 5)).isEmpty();
        assertThat(new CoreSets(List.of()).prefix(0, 2, 1)).isEmpty();
    }

    @Test
    void ofThisProcess_namesAtLeastOneCore() {
        assertThat(CoreSets.ofThisProcess().allowed().size())
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
