package org.isofleet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whether an engine can drive a device.
 *
 * @param device {@code cpu} or {@code cuda:N}
 * @param reason why not, with the mend; null when it works
 * @param kernelClass of the engine here, by a real gradient; null when it does not work
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngineReport(
        String engine,
        String precision,
        String device,
        boolean works,
        @Nullable String reason,
        @JsonProperty("kernel_class") @Nullable String kernelClass) {
    static EngineReport works(String engine, String precision, String device, String kernelClass) {
        return new EngineReport(engine, precision, device, true, null, kernelClass);
    }

    static EngineReport refused(String engine, String precision, String device, String reason) {
        return new EngineReport(engine, precision, device, false, reason, null);
    }
}
