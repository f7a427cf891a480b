package org.isofleet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as its driver tells of it.
 *
 * @param index as {@code cuda:INDEX} names it
 * @param driver version, for example {@code 580.65.06}
 * @param capability compute capability, for example {@code 9.0}; null where the driver is too old to tell
 */
public record Gpu(
        int index,
        String name,
        String driver,
        @JsonProperty("compute_capability") @Nullable String capability,
        @JsonProperty("total_bytes") long totalBytes,
        @JsonProperty("free_bytes") long freeBytes) {
    /** As settings name it. */
    public String device() {
        return "cuda:" + index;
    }
}
