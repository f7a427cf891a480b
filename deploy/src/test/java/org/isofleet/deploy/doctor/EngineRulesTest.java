package org.isofleet.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineRulesTest {
    private static final List<String> BOTH = List.of("fp32", "bf16");

    /** NVIDIA, "CUDA GPUs": which card has which capability. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Pascal P100     | 6.0  | false | true
                    Volta V100      | 7.0  | false | true
                    Turing T4       | 7.5  | true  | true
                    Ampere A100     | 8.0  | true  | true
                    Ampere A10      | 8.6  | true  | true
                    Ada L4          | 8.9  | true  | true
                    Hopper H200     | 9.0  | true  | false
                    Blackwell B200  | 10.0 | true  | false
                    Blackwell B300  | 10.3 | true  | false
                    Thor            | 11.0 | false | false
                    Blackwell 5090  | 12.0 | true  | false
                    Spark GB10      | 12.1 | true  | false
                    Kepler K40      | 3.5  | false | false
                    """)
    void machineCode_runsWithinItsMajorVersionFromItsMinorOn(
            String card, String capability, boolean libtorch, boolean nd4j) {
        Gpu gpu = gpu(capability, "580.65.06");
        assertThat(CudaBuild.LIBTORCH.refusal(gpu).isEmpty()).as(card).isEqualTo(libtorch);
        assertThat(CudaBuild.ND4J.refusal(gpu).isEmpty()).as(card).isEqualTo(nd4j);
    }

    @Test
    void refusals_nameWhatIsMissing() {
        assertThat(CudaBuild.ND4J.refusal(gpu("9.0", "580.65.06")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("CUDA 11.6", "capability 9.0", "8.6"));
        assertThat(CudaBuild.LIBTORCH.refusal(gpu("9.0", "579.99")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("579.99", "580 or newer"));
        assertThat(CudaBuild.LIBTORCH.refusal(gpu("9.0", "580"))).isEmpty();
        assertThat(CudaBuild.LIBTORCH.refusal(gpu(null, "450.10")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("450.10", "update it"));
    }

    @Test
    void gpus_haveAVerdictForEachEngine() {
        assertThat(GpuRules.of(List.of(gpu("9.0", "580.65.06"))))
                .extracting(EngineReport::engine, EngineReport::device, EngineReport::works)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("dl4j", "cuda:0", false),
                        org.assertj.core.groups.Tuple.tuple("torch", "cuda:0", false));
        assertThat(GpuRules.of(List.of())).isEmpty();
    }

    @Test
    void trial_isReadLineByLine_whateverElseALibrarySays() {
        assertThat(EngineTrial.reports("torch", BOTH, List.of("hello", "works k/x86/fp32", "refused no AMX"), "?"))
                .containsExactly(
                        EngineReport.works("torch", "fp32", "cpu", "k/x86/fp32"),
                        EngineReport.refused("torch", "bf16", "cpu", "no AMX"));
    }

    @Test
    void trial_thatDies_isRefusedWithItsSignal_afterWhatItHadTold() throws Exception {
        List<EngineReport> reports =
                EngineTrial.onProcessor("torch", BOTH, List.of("sh", "-c", "echo works k; kill -ILL $$"));
        assertThat(reports).first().isEqualTo(EngineReport.works("torch", "fp32", "cpu", "k"));
        assertThat(reports).last().satisfies(report -> {
            assertThat(report.works()).isFalse();
            assertThat(report.reason()).contains("SIGILL");
        });
    }

    @Test
    void auto_worksWhereItsEngineDoes() {
        EngineReport dl4j = EngineReport.works("dl4j", "fp32", "cpu", "k");
        EngineReport without = EngineReport.refused("dl4j", "fp32", "cpu", "gone");
        EngineReport torch = EngineReport.works("torch", "fp32", "cpu", "k");
        assertThat(Doctor.auto(List.of(dl4j, torch)).works()).isTrue();
        assertThat(Doctor.auto(List.of(without, torch)).works()).isFalse();
        assertThat(Doctor.auto(List.of(dl4j)).engine()).isEqualTo("dl4j");
    }

    private static Gpu gpu(@Nullable String capability, String driver) {
        return new Gpu(0, "a card", driver, capability, 1L << 34, 1L << 33);
    }
}
