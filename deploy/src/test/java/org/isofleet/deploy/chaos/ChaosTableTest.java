package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.isofleet.metrics.live.LiveJson;
import org.junit.jupiter.api.Test;

class ChaosTableTest {
    @Test
    void rows_countEveryFault_andTimeThoseThatStoppedARun() {
        List<Sight> sights = new ArrayList<>();
        List<Injected> injected = new ArrayList<>();
        for (int i = 0; i < 3; i++) { // the i-th kill is recovered from after i + 1 seconds
            long at = 10_000L * (i + 1);
            sights.add(new Sight(Sight.Kind.HELD, at - 1, "a", i, 10L * i + 9));
            sights.add(new Sight(Sight.Kind.START, at + 500, "a", i + 1, 10L * i + 9));
            sights.add(new Sight(Sight.Kind.HELD, at + 1000L * (i + 1), "a", i + 1, 10L * i + 10));
            injected.add(new Injected(at, new Fault.Kill(0)));
        }
        injected.add(new Injected(15_000, new Fault.Hang(1, Duration.ofSeconds(1))));
        Recovery recovery = new Recovery(Map.of("a", 100L), List.of(new Trace(0, sights)));
        assertThat(ChaosAnswer.rows(injected, recovery))
                .containsExactly(
                        new ChaosAnswer.Row("kill", 3, 3, new ChaosAnswer.Quantiles(2, 3, 3)),
                        new ChaosAnswer.Row("hang", 1, 0, null));
    }

    @Test
    void quantiles_areThoseOfTheNearestRank() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList();
        assertThat(ChaosAnswer.Quantiles.of(hundred)).isEqualTo(new ChaosAnswer.Quantiles(50, 95, 100));
        assertThat(ChaosAnswer.Quantiles.of(List.of(4.0))).isEqualTo(new ChaosAnswer.Quantiles(4, 4, 4));
    }

    @Test
    void table_tellsFaultsSumsAndVerdict() {
        assertThat(ChaosTable.of(answer("digest", true)))
                .containsExactly(
                        "fault         count  stopped a run  recovery p50       p95       max",
                        "kill              3              2        1.25 s    2.50 s    2.50 s",
                        "hang              1              0             -         -         -",
                        "disk left out: no right to mount",
                        "",
                        "4 of 5 faults befell the study before its end (seed 9)",
                        "goodput 0.50 (10.0 s quiet, 20.0 s faulted); work ratio 0.938; 42 steps computed again",
                        "memory       starts  first quarter  last quarter    growth       max",
                        "w1                4        300 MiB       290 MiB   -10 MiB   310 MiB",
                        "digests equal, sample ledger exact, every run done");
    }

    @Test
    void otherBits_areNamed() {
        ChaosAnswer answer = answer("other", false);
        assertThat(answer.holds()).isFalse();
        assertThat(ChaosTable.of(answer))
                .contains(
                        "run a: done, digest other, quiet digest, ledger exact",
                        "digests NOT EQUAL, sample ledger exact, every run done");
        assertThat(answer("digest", true).holds()).isTrue();
    }

    @Test
    void json_hasTheFieldsThatOthersRelyOn() throws Exception {
        var json = LiveJson.mapper().readTree(LiveJson.mapper().writeValueAsString(answer("digest", true)));
        assertThat(json.path("schema").asText()).isEqualTo("chaos/1");
        assertThat(json.at("/faults/0/kind").asText()).isEqualTo("kill");
        assertThat(json.at("/faults/0/recovery_seconds/p95").asDouble()).isEqualTo(2.5);
        assertThat(json.at("/faults/1").has("recovery_seconds")).isFalse();
        assertThat(json.at("/memory/0/growth_bytes").asLong()).isEqualTo(-(10L << 20));
        for (String field : List.of("goodput", "work_ratio", "lost_steps", "digests_equal", "ledger_exact")) {
            assertThat(json.has(field)).as(field).isTrue();
        }
        assertThat(json.has("holds")).isFalse();
    }

    private static ChaosAnswer answer(String digest, boolean equal) {
        return new ChaosAnswer(
                "chaos/1",
                9,
                List.of(
                        new ChaosAnswer.Row("kill", 3, 2, new ChaosAnswer.Quantiles(1.25, 2.5, 2.5)),
                        new ChaosAnswer.Row("hang", 1, 0, null)),
                List.of(new ChaosAnswer.LeftOut("disk", "no right to mount")),
                5,
                0.5,
                0.9375,
                42,
                equal,
                true,
                true,
                10,
                20,
                List.of(new ChaosAnswer.Memory("w1", 4, 300L << 20, 290L << 20, 310L << 20, -(10L << 20))),
                List.of(new ChaosAnswer.Run("a", "done", digest, "digest", true)));
    }
}
