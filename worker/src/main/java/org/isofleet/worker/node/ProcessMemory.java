package org.isofleet.worker.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the operating system counts for a process. */
public final class ProcessMemory {
    private static final long PAGE_BYTES = 4096;

    private ProcessMemory() {}

    /** Resident bytes of this process. */
    static long residentBytes() {
        return residentBytes("self");
    }

    /** Resident bytes of a process of this machine, second field of {@code /proc/PID/statm}; 0 when it has none or is gone. */
    public static long residentBytes(long pid) {
        return residentBytes(Long.toString(pid));
    }

    private static long residentBytes(String process) {
        Path statm = Path.of("/proc", process, "statm");
        try {
            return Files.isReadable(statm) ? parse(Files.readString(statm)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** See proc(5). */
    static long parse(String statm) {
        return Long.parseLong(statm.trim().split(" +")[1]) * PAGE_BYTES;
    }

    /** Architecture and model name of the processor, for people. */
    static String processor() {
        String architecture = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .orElse(architecture);
        } catch (IOException e) {
            return architecture;
        }
    }
}
