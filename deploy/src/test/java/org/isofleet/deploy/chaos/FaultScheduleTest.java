package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);
    private static final Duration MTBF = Duration.ofSeconds(3);

    @Test
    void equalSeeds_giveEqualSchedules_andOthersOthers() {
        assertThat(FaultSchedule.of(7, ALL, 50, MTBF, 4))
                .isEqualTo(FaultSchedule.of(7, ALL, 50, MTBF, 4))
                .isNotEqualTo(FaultSchedule.of(8, ALL, 50, MTBF, 4));
    }

    @Test
    void longerSchedule_beginsAsAShorterOne() {
        assertThat(FaultSchedule.of(7, ALL, 50, MTBF, 4).subList(0, 20))
                .isEqualTo(FaultSchedule.of(7, ALL, 20, MTBF, 4));
    }

    @Test
    void everyRound_hasEveryKindOnce() {
        List<FaultSchedule.Entry> schedule = FaultSchedule.of(3, ALL, 3 * ALL.size(), MTBF, 2);
        for (int round = 0; round < 3; round++) {
            assertThat(schedule.subList(round * ALL.size(), (round + 1) * ALL.size()))
                    .extracting(entry -> entry.fault().kind())
                    .containsExactlyInAnyOrderElementsOf(ALL);
        }
        assertThat(schedule.subList(0, ALL.size()))
                .extracting(entry -> entry.fault().kind())
                .isNotEqualTo(schedule.subList(ALL.size(), 2 * ALL.size()).stream()
                        .map(entry -> entry.fault().kind())
                        .toList());
    }

    @Test
    void gaps_areExponentialAroundTheirMean() {
        List<FaultSchedule.Entry> schedule = FaultSchedule.of(11, ALL, 4000, MTBF, 2);
        double mean = schedule.get(schedule.size() - 1).at().toMillis() / (double) schedule.size();
        assertThat(mean).isBetween(0.95 * MTBF.toMillis(), 1.05 * MTBF.toMillis());
        long longerThanMean = 0;
        for (int i = 1; i < schedule.size(); i++) {
            Duration gap = schedule.get(i).at().minus(schedule.get(i - 1).at());
            assertThat(gap).isGreaterThanOrEqualTo(Duration.ofMillis(250));
            longerThanMean += gap.compareTo(MTBF) > 0 ? 1 : 0;
        }
        assertThat(longerThanMean / (double) schedule.size()).isBetween(0.34, 0.40); // 1/e = 0.368
    }

    @Test
    void workers_areAllHitAboutEquallyOften() {
        Map<FaultKind, int[]> hits = new EnumMap<>(FaultKind.class);
        for (FaultSchedule.Entry entry : FaultSchedule.of(5, ALL, 4000, MTBF, 3)) {
            if (entry.fault() instanceof Fault.OfWorker one) {
                hits.computeIfAbsent(one.kind(), kind -> new int[3])[one.worker()]++;
            }
        }
        assertThat(hits)
                .hasSize(5)
                .allSatisfy((kind, counts) -> assertThat(Arrays.stream(counts).boxed())
                        .allMatch(count -> count > 90 && count < 180)); // 400 faults of a kind on three workers
    }

    @Test
    void wrongOptions_areRefusedByName() {
        assertThatThrownBy(() -> FaultSchedule.of(1, Set.of(), 5, MTBF, 2))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("--kinds");
        assertThatThrownBy(() -> FaultSchedule.of(1, ALL, -1, MTBF, 2)).hasMessageContaining("--failures");
        assertThatThrownBy(() -> FaultSchedule.of(1, ALL, 5, Duration.ZERO, 2)).hasMessageContaining("--mtbf");
        assertThatThrownBy(() -> FaultSchedule.of(1, ALL, 5, MTBF, 0)).hasMessageContaining("--local");
    }
}
