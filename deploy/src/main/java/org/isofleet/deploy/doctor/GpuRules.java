package org.isofleet.deploy.doctor;

import java.util.ArrayList;
import java.util.List;

/** Which engine can drive which GPU. */
final class GpuRules {
    private GpuRules() {}

    /** Two verdicts a GPU. */
    static List<EngineReport> of(List<Gpu> gpus) {
        List<EngineReport> reports = new ArrayList<>();
        for (Gpu gpu : gpus) {
            reports.add(EngineReport.refused(
                    "dl4j",
                    "fp32",
                    gpu.device(),
                    CudaBuild.ND4J
                            .refusal(gpu)
                            .orElse(CudaBuild.ND4J.name()
                                    + " has code for it, but this engine's kernels are products of"
                                    + " oneDNN and loops of Java, for processors only")));
            reports.add(EngineReport.refused(
                    "torch",
                    "fp32",
                    gpu.device(),
                    CudaBuild.LIBTORCH
                            .refusal(gpu)
                            .orElse(CudaBuild.LIBTORCH.name()
                                    + " has code for it, but this engine computes on processors only so far")));
        }
        return reports;
    }
}
