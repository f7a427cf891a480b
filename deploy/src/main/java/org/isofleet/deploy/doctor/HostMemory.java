package org.isofleet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory that workers of this machine share.
 *
 * @param totalBytes of the machine
 * @param availableBytes that processes can still get, without swapping and within the limit
 * @param limitBytes of the control group that this process lives in; null when there is none below the machine's
 */
public record HostMemory(
        @JsonProperty("total_bytes") long totalBytes,
        @JsonProperty("available_bytes") long availableBytes,
        @JsonProperty("limit_bytes") @Nullable Long limitBytes) {

    static HostMemory here() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        // The JVM has read the control groups, of either version: its total is the limit where there is one.
        long withinLimit = system.getTotalMemorySize();
        try {
            List<String> meminfo = Files.readAllLines(Path.of("/proc/meminfo"));
            return of(
                    bytes(meminfo, "MemTotal"),
                    bytes(meminfo, "MemAvailable"),
                    withinLimit,
                    system.getFreeMemorySize());
        } catch (IOException e) {
            return new HostMemory(withinLimit, system.getFreeMemorySize(), null); // not Linux
        }
    }

    /** Of what the machine has and what the control group leaves of it. */
    static HostMemory of(long total, long available, long withinLimit, long freeWithinLimit) {
        return withinLimit < total
                ? new HostMemory(total, Math.min(available, freeWithinLimit), withinLimit)
                : new HostMemory(total, available, null);
    }

    /** A line such as {@code MemTotal: 24683620 kB}, where kB are kibibytes; see proc(5). */
    static long bytes(List<String> meminfo, String field) {
        return meminfo.stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
