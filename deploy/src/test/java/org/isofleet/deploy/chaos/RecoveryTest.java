package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Times are milliseconds, runs have 100 steps. */
class RecoveryTest {
    private static final Map<String, Long> STEPS = Map.of("a", 100L, "b", 100L);

    @Test
    void killedMember_isRecoveredFromByTheFirstStepOfTheNextGeneration() {
        Trace killed = trace(0, start(0, "a", 1, 0), held(900, "a", 1, 40));
        Trace left = trace(
                1,
                start(0, "a", 1, 0),
                held(995, "a", 1, 41),
                held(1010, "a", 1, 42), // was under way
                start(2000, "a", 2, 42),
                held(2001, "a", 2, 42),
                held(2500, "a", 2, 43));
        assertThat(recovery(killed, left).seconds(new Injected(1000, new Fault.Kill(0))))
                .hasValue(1.5);
    }

    @Test
    void runThatGoesBack_isRecoveredByItsNextStepHoweverLow() {
        Trace before = trace(0, start(0, "a", 1, 0), held(900, "a", 1, 40));
        Trace after =
                trace(0, Sight.idle(3000), start(4000, "a", 2, 20), held(4005, "a", 2, 20), held(4100, "a", 2, 21));
        assertThat(recovery(before, after).seconds(new Injected(1000, new Fault.KillEverything())))
                .hasValue(3.1);
    }

    @Test
    void stoppedWorker_isRecoveredFromWhenTheSameGenerationGoesOn() {
        Trace stopped = trace(0, start(0, "a", 1, 0), held(1000, "a", 1, 40), held(3000, "a", 1, 41));
        assertThat(recovery(stopped).seconds(new Injected(1001, new Fault.Hang(0, Duration.ofSeconds(2)))))
                .hasValue(1.999);
    }

    @Test
    void faultThatStopsNothing_countsAsMuchAsIsResolved() {
        Trace trains =
                trace(0, start(0, "a", 1, 0), held(990, "a", 1, 40), held(1040, "a", 1, 41), held(1060, "a", 1, 42));
        assertThat(recovery(trains).seconds(new Injected(1000, new Fault.KillCoordinator(Duration.ofSeconds(1)))))
                .hasValue(0.06);
    }

    @Test
    void slowestRun_counts() {
        Trace a = trace(0, start(0, "a", 1, 0), held(900, "a", 1, 40), start(1500, "a", 2, 0), held(2000, "a", 2, 1));
        Trace b = trace(1, start(0, "b", 1, 0), held(900, "b", 1, 40), start(1500, "b", 2, 0), held(3000, "b", 2, 1));
        Recovery recovery = recovery(a, b);
        assertThat(recovery.seconds(new Injected(1000, new Fault.KillEverything())))
                .hasValue(2);
        assertThat(recovery.seconds(new Injected(1000, new Fault.Kill(0)))).hasValue(1);
    }

    @Test
    void faultThatMeetsNoRun_affectsNone() {
        Trace idle = trace(0, held(500, "a", 1, 40), Sight.idle(900));
        Trace finished = trace(1, held(500, "b", 1, 100), held(2000, "a", 1, 50));
        Trace dead = trace(2, held(500, "a", 1, 40));
        Trace itsNext = trace(2, Sight.idle(800), held(2000, "a", 2, 50));
        Recovery recovery = recovery(idle, finished, dead, itsNext);
        for (int worker = 0; worker < 3; worker++) {
            assertThat(recovery.seconds(new Injected(1000, new Fault.Kill(worker))))
                    .isEmpty();
        }
    }

    @Test
    void phases_addUpToTheTimeOfTheNextStep() {
        Trace killed = trace(0, start(0, "a", 1, 0), held(900, "a", 1, 40));
        Trace left = trace(
                1,
                start(0, "a", 1, 0),
                held(995, "a", 1, 41),
                heard(Sight.Kind.LOST, 1100, "a", 1),
                heard(Sight.Kind.ASKED, 1300, "a", 2),
                heard(Sight.Kind.PREPARED, 1310, "a", 2),
                start(1600, "a", 2, 41),
                held(1601, "a", 2, 41),
                held(1650, "a", 2, 42));
        Recovery recovery = recovery(killed, left);
        assertThat(recovery.seconds(new Injected(1000, new Fault.Kill(0)))).hasValue(0.65);
        Sight step = recovery.next("a", 1000).orElseThrow();
        assertThat(RecoveryPhases.of(List.of(killed, left), 1000, step))
                .isEqualTo(new RecoveryPhases(0.1, 0.2, 0.01, 0.29, 0.05));
    }

    @Test
    void deathThatNoPeerTells_isNoticedByTheNextGeneration() {
        Trace killed = trace(0, start(0, "a", 1, 0), held(900, "a", 1, 40));
        Trace other = trace(
                1,
                heard(Sight.Kind.ASKED, 5000, "a", 2), // which nobody could begin
                heard(Sight.Kind.ASKED, 5500, "a", 3),
                heard(Sight.Kind.PREPARED, 5600, "a", 3),
                start(6000, "a", 3, 20),
                held(6100, "a", 3, 21));
        Recovery recovery = recovery(killed, other);
        Sight step = recovery.next("a", 1000).orElseThrow();
        assertThat(RecoveryPhases.of(List.of(killed, other), 1000, step))
                .isEqualTo(new RecoveryPhases(4, 0.5, 0.1, 0.4, 0.1));
    }

    @Test
    void generationHeardOfBeforeTheDeath_isNotRecoveredByItsStartingPoint() {
        Trace killed = trace(0, start(0, "a", 1, 0), held(900, "a", 1, 40));
        Trace left = trace(
                1,
                start(0, "a", 1, 0),
                held(900, "a", 1, 40),
                heard(Sight.Kind.ASKED, 990, "a", 2),
                start(1100, "a", 2, 40),
                held(1101, "a", 2, 40),
                held(1150, "a", 2, 41));
        assertThat(recovery(killed, left).seconds(new Injected(1000, new Fault.Kill(0))))
                .hasValue(0.15);
    }

    private static Sight heard(Sight.Kind kind, long atMillis, String run, long generation) {
        return new Sight(kind, atMillis, run, generation, 0);
    }

    private static Recovery recovery(Trace... traces) {
        return new Recovery(STEPS, List.of(traces));
    }

    private static Trace trace(int worker, Sight... sights) {
        return new Trace(worker, List.of(sights));
    }

    private static Sight held(long atMillis, String run, long generation, long step) {
        return new Sight(Sight.Kind.HELD, atMillis, run, generation, step);
    }

    private static Sight start(long atMillis, String run, long generation, long step) {
        return new Sight(Sight.Kind.START, atMillis, run, generation, step);
    }
}
