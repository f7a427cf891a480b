package org.isofleet.deploy.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The state machine of {@code docs/recovery.md}, searched to its end; and again without each of its guards. */
class RecoverySearchTest {
    private static final int MOST_WORLDS = 1_000_000;
    private static final Scenario ONE = Scenario.of(1, 2, 1);
    private static final Scenario TWO = Scenario.of(2, 2, 2);

    static Stream<Scenario> scenarios() {
        return Stream.of(
                Scenario.of(1, 3, 1).and(Fault.RESTART),
                ONE.and(Fault.CRASH, Fault.DAMAGE),
                Scenario.of(2, 2, 1).and(Fault.UNWRITTEN),
                ONE.and(Fault.PAUSE, Fault.CRASH),
                ONE.and(Fault.PAUSE, Fault.RESTART),
                TWO.and(Fault.PAUSE),
                TWO.and(Fault.CONNECTION),
                TWO.and(Fault.RESTART),
                TWO.and(Fault.CRASH),
                TWO.and(Fault.LATE_STAFFING),
                TWO.and(Fault.DEADLINE),
                TWO.and(Fault.ASKED_BACK),
                Scenario.of(3, 2, 2),
                TWO.and(Fault.PRESUMED_DEAD),
                TWO.and(Fault.STATE_FLIP),
                TWO.and(Fault.STATE_FLIP).withAudit(),
                TWO.and(Fault.GRADIENT_FLIP).withAudit());
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyWorld_keepsTheLawsAndEnds(Scenario scenario) {
        assertThat(Search.through(scenario, null, MOST_WORLDS).worlds()).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void withoutAGuard_aLawIsBroken(Guard guard) {
        assertThatThrownBy(() -> Search.through(threatening(guard), guard, MOST_WORLDS))
                .hasCauseInstanceOf(Broken.class)
                .hasMessageStartingWith(law(guard) + ": ");
    }

    private static Scenario threatening(Guard guard) {
        return switch (guard) {
            case MEMBER_INCARNATION -> ONE.and(Fault.CRASH);
            case COMPLETED_ONCE -> ONE;
            case PERSISTED_FIRST -> ONE.and(Fault.RESTART);
            case COMMIT_GROWS -> Scenario.of(1, 3, 1);
            case MEMBER_GENERATION, REPORT_GENERATION -> TWO.and(Fault.CONNECTION);
            case ASKED_BACK -> TWO.and(Fault.ASKED_BACK);
            case LAST_STAFFING -> TWO.and(Fault.CRASH, Fault.LATE_STAFFING);
            case BULK_GENERATION, HIGHEST_STEP -> TWO.and(Fault.PRESUMED_DEAD);
            case FOLLOWED_HASH -> TWO.and(Fault.PRESUMED_DEAD, Fault.CRASH, Fault.GARBLED_COPY);
            case FOLLOWER_SHARES, CAUGHT_UP -> TWO.and(Fault.PRESUMED_DEAD, Fault.CRASH);
            case HASH_AFTER_COPY -> TWO.and(Fault.PRESUMED_DEAD, Fault.GARBLED_COPY);
            case CHECKPOINT_DIGEST -> ONE.and(Fault.CRASH, Fault.DAMAGE);
            case COPY_STEP -> Scenario.of(2, 2, 1).and(Fault.UNWRITTEN);
            case AGREED_FIRST, COPY_HASH, NO_MEMORY_IN_DOUBT, OLDER_DOUBT, END_IN_DOUBT, NO_FAILURE ->
                Scenario.of(2, 2, 1).and(Fault.STATE_FLIP);
            case AUDIT -> TWO.and(Fault.GRADIENT_FLIP).withAudit();
            case COLLECTOR_GENERATION -> Scenario.of(1, 4, 1).and(Fault.DEFECT, Fault.DAMAGE_ALL, Fault.DEADLINE);
        };
    }

    /** Number of the law that is broken first. */
    private static int law(Guard guard) {
        return switch (guard) {
            case HASH_AFTER_COPY,
                    FOLLOWED_HASH,
                    FOLLOWER_SHARES,
                    BULK_GENERATION,
                    CHECKPOINT_DIGEST,
                    COPY_STEP,
                    AGREED_FIRST,
                    COPY_HASH,
                    AUDIT,
                    NO_MEMORY_IN_DOUBT,
                    OLDER_DOUBT,
                    END_IN_DOUBT -> 1;
            case COMMIT_GROWS -> 2;
            case MEMBER_INCARNATION, PERSISTED_FIRST -> 3;
            case MEMBER_GENERATION, REPORT_GENERATION -> 4;
            case HIGHEST_STEP -> 5;
            case COLLECTOR_GENERATION -> 6;
            case COMPLETED_ONCE -> 7;
            case LAST_STAFFING, ASKED_BACK -> 8;
            case CAUGHT_UP -> 10;
            case NO_FAILURE -> 11;
        };
    }
}
