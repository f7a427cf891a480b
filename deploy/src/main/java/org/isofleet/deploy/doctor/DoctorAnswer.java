package org.isofleet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code isofleet doctor --json} prints.
 *
 * @param schema {@code doctor/1}
 * @param java that runs this
 * @param noGpu why there is no GPU; null when there is one
 * @param engines one row for each engine, precision and device
 * @param auto what {@code engine = auto} means here
 * @param threads of the workers that would fill this machine
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DoctorAnswer(
        String schema,
        Processor processor,
        HostMemory memory,
        Java java,
        List<Gpu> gpus,
        @JsonProperty("no_gpu") @Nullable String noGpu,
        List<EngineReport> engines,
        Auto auto,
        List<SlotThreads> threads,
        Surroundings surroundings) {
    /** A Java. */
    public record Java(String name, String version, String home) {
        static Java here() {
            return new Java(
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.version"),
                    System.getProperty("java.home"));
        }
    }

    /** What is chosen when nothing else is said, and by which rule. */
    public record Auto(String engine, String precision, boolean works, String why) {}

    public DoctorAnswer {
        gpus = List.copyOf(gpus);
        engines = List.copyOf(engines);
        threads = List.copyOf(threads);
    }

    /** Whether any engine can work. */
    public boolean canCompute() {
        return engines.stream().anyMatch(EngineReport::works);
    }
}
