package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
    @Test
    void generationsThatGoOnWhereTheLastOneWas_loseNothing() {
        assertThat(Work.lostSteps(List.of(new Trace(0, List.of(start(1, 0), held(1, 40), start(2, 40), held(2, 100))))))
                .isZero();
    }

    @Test
    void everyReturn_losesWhatAnyMemberHadReached() {
        Trace first = new Trace(0, List.of(start(1, 0), held(1, 39), start(2, 20), held(2, 30)));
        Trace second = new Trace(1, List.of(start(1, 0), held(1, 40), start(2, 20), held(2, 31)));
        Trace third = new Trace(2, List.of(start(3, 20), held(3, 100)));
        assertThat(Work.lostSteps(List.of(first, second, third))).isEqualTo(20 + 11);
    }

    @Test
    void generationThatNeverStarted_isPassedOver() {
        Trace trace = new Trace(0, List.of(start(1, 0), held(1, 40), held(2, 40), start(3, 30), held(3, 100)));
        assertThat(Work.lostSteps(List.of(trace))).isEqualTo(10);
    }

    @Test
    void runs_areCountedApart() {
        Trace trace = new Trace(0, List.of(start(1, 0), held(1, 40), new Sight(Sight.Kind.START, 0, "b", 2, 0)));
        assertThat(Work.lostSteps(List.of(trace))).isZero();
    }

    private static Sight held(long generation, long step) {
        return new Sight(Sight.Kind.HELD, 0, "a", generation, step);
    }

    private static Sight start(long generation, long step) {
        return new Sight(Sight.Kind.START, 0, "a", generation, step);
    }
}
