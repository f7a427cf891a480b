package org.isofleet.deploy.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.deploy.launch.CoreSets;
import org.isofleet.protocol.study.EngineChoice;

/** Looks at this machine. Engines are tried, not asked: a library that is there may still not run. */
public final class Doctor {
    private Doctor() {}

    /**
     * What there is here.
     *
     * @param path on which programs are looked for
     */
    public static DoctorAnswer examine(String path) throws IOException {
        Processor processor = Processor.here();
        NvidiaSmi.Findings found = NvidiaSmi.onPath(path);
        List<EngineReport> engines = new ArrayList<>();
        engines.addAll(EngineTrial.onProcessor("dl4j", List.of("fp32")));
        engines.addAll(EngineTrial.onProcessor("torch", List.of("fp32", "bf16")));
        engines.addAll(GpuRules.of(found.gpus()));
        return new DoctorAnswer(
                "doctor/1",
                processor,
                HostMemory.here(),
                DoctorAnswer.Java.here(),
                found.gpus(),
                found.note(),
                engines,
                auto(engines),
                SlotThreads.filling(CoreSets.ofThisProcess(), processor.cores()),
                Surroundings.of(Path.of("studies"), Path.of(System.getProperty("user.home"))));
    }

    /** The choice does not depend on the machine; whether it works here does. */
    static DoctorAnswer.Auto auto(List<EngineReport> engines) {
        EngineChoice choice = EngineChoice.of(EngineChoice.AUTO, EngineChoice.DEFAULT.precision());
        boolean works = engines.stream()
                .anyMatch(report -> report.works()
                        && report.engine().equals(choice.engine())
                        && report.precision().equals(choice.precision()));
        return new DoctorAnswer.Auto(
                choice.engine(),
                choice.precision(),
                works,
                "auto goes by the precision alone, lest a study file mean other runs on another machine: dl4j for fp32, where"
                        + " it is the faster one on processors, and torch for bf16");
    }
}
