package org.isofleet.worker.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the operating system counts for this process. */
final class ProcessMemory {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;

    private ProcessMemory() {}

    /** Resident bytes, second field of {@code /proc/self/statm}; 0 where there is none. */
    static long residentBytes() {
        try {
            return Files.isReadable(STATM) ? parse(Files.readString(STATM)) : 0;
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
