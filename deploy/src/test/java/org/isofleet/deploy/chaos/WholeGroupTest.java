package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WholeGroupTest {
    private static final Trace FIRST = trace(0, start(100, 1, 0), held(150, 1, 1), start(900, 2, 40), held(980, 2, 41));
    private static final Trace SECOND = trace(1, start(100, 1, 0), held(160, 1, 1), held(700, 1, 40));

    @Test
    void group_isWholeSinceTheLastMembersFirstStep() {
        Trace joined = trace(1, Sight.idle(800), start(900, 2, 40), held(910, 2, 40), held(990, 2, 41));
        assertThat(WholeGroup.since(List.of(FIRST, SECOND, joined), 2, 750)).hasValue(990);
    }

    @Test
    void group_isNotWholeBeforeEveryMemberHasStepped() {
        Trace onItsWay = trace(1, Sight.idle(800), start(900, 2, 40), held(910, 2, 40));
        assertThat(WholeGroup.since(List.of(FIRST, SECOND, onItsWay), 2, 750)).isEmpty();
        assertThat(WholeGroup.since(List.of(FIRST, SECOND), 2, 0)).isEmpty();
        assertThat(WholeGroup.since(List.of(FIRST), 2, 0)).isEmpty();
    }

    @Test
    void deathThatNobodyHasNoticedYet_leavesNoWholeGroup() {
        Trace survivor = trace(0, start(100, 1, 0), held(150, 1, 1));
        assertThat(WholeGroup.since(List.of(survivor, SECOND), 2, 0)).hasValue(160);
        assertThat(WholeGroup.since(List.of(survivor, SECOND), 2, 750)).isEmpty();
    }

    private static Trace trace(int worker, Sight... sights) {
        return new Trace(worker, List.of(sights));
    }

    private static Sight held(long atMillis, long generation, long step) {
        return new Sight(Sight.Kind.HELD, atMillis, "a", generation, step);
    }

    private static Sight start(long atMillis, long generation, long step) {
        return new Sight(Sight.Kind.START, atMillis, "a", generation, step);
    }
}
