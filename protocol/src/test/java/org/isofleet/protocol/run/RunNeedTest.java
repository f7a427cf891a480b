package org.isofleet.protocol.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.WorkerMemory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunNeedTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");
    private static final KernelClass B = new KernelClass("dl4j-1", "b", "fp32");
    private static final KernelClass HALF = new KernelClass("dl4j-1", "a", "bf16");
    private static final KernelClass TORCH = new KernelClass("torch-2", "a", "fp32");

    @Test
    void fit_takesTheFirstClassOfTheEngineAndPrecision() {
        assertThat(need(true, null, 1).fit(List.of(TORCH, HALF, B, A))).contains(B);
        assertThat(need(true, null, 1).fit(List.of(TORCH, HALF))).isEmpty();
        assertThat(need(true, null, 1).fit(List.of())).isEqualTo(Optional.empty());
    }

    @Test
    void fit_ofAPinnedRun_takesItsClassAlone() {
        assertThat(need(true, A, 1).fit(List.of(B, A))).contains(A);
        assertThat(need(true, A, 1).fit(List.of(B))).isEmpty();
        assertThat(need(false, A, 1).fit(List.of(B))).contains(B);
    }

    @Test
    void need_isEmptyWhenNothingIsWanted() {
        assertThat(need(true, null, 0).isEmpty()).isTrue();
        assertThat(need(true, null, 1).isEmpty()).isFalse();
        RunNeed measures = new RunNeed(
                new RunId("0123456789abcdef"),
                1,
                0,
                false,
                "dl4j",
                "fp32",
                true,
                null,
                WorkerMemory.NONE,
                0,
                Growth.NONE,
                List.of(),
                List.of(),
                List.of(new RunNeed.Evaluation(EvaluationKind.COMPLETIONS, null)),
                List.of());
        assertThat(measures.isEmpty()).isFalse();
        assertThat(measures.numbered(5)).isNotEqualTo(measures);
        assertThat(measures.numbered(5).numbered(1)).isEqualTo(measures);
    }

    @Test
    void need_thatDiffersInWhatIsLeftAlone_asksTheSame() {
        RunNeed need = need(true, A, 1);
        RunNeed later = with(need, new Growth(4, 7, 5), 9);
        assertThat(need.asksTheSameAs(later)).isTrue();
        assertThat(need.asksTheSameAs(with(need, new Growth(3, 0, 5), 1))).isFalse();
        assertThat(need.asksTheSameAs(need(true, A, 2))).isFalse();
    }

    private static RunNeed with(RunNeed need, Growth growth, long number) {
        return new RunNeed(
                need.runId(),
                number,
                need.position(),
                need.begun(),
                need.engine(),
                need.precision(),
                need.exact(),
                need.kernelClass(),
                need.memory(),
                need.workers(),
                growth,
                need.group(),
                need.unfit(),
                need.evaluations(),
                need.avoided());
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 1, 9, true", "1, 2, 1, 1, true", "1, 1, 1, 1, false", "1, 1, 1, 2, false", "1, 9, 2, 1, false"})
    void staffing_isNewerByEpochAndThenByNumber(long epoch, long number, long otherEpoch, long other, boolean newer) {
        assertThat(staffing(epoch, number).isNewerThan(staffing(otherEpoch, other)))
                .isEqualTo(newer);
    }

    private static Staffing staffing(long epoch, long number) {
        return new Staffing(epoch, number, 0, List.of(), java.util.Map.of(), List.of());
    }

    private static RunNeed need(boolean exact, @Nullable KernelClass pinned, int workers) {
        return new RunNeed(
                new RunId("0123456789abcdef"),
                1,
                0,
                false,
                "dl4j",
                "fp32",
                exact,
                pinned,
                WorkerMemory.NONE,
                workers,
                new Growth(4, 0, 5),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
