package org.isofleet.deploy.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processor as Linux tells of it, see proc(5).
 *
 * @param name of the model, for people
 * @param cores that this process may use, by affinity and quota
 * @param instructions that products and loops profit from, of those that are looked for
 * @param missing those that it lacks
 */
public record Processor(String name, int cores, List<String> instructions, List<String> missing) {
    /** Flags of {@code /proc/cpuinfo} and what the field calls them, from the oldest on. */
    private static final Map<String, String> LOOKED_FOR = new LinkedHashMap<>();

    static {
        LOOKED_FOR.put("avx2", "AVX2");
        LOOKED_FOR.put("fma", "FMA");
        LOOKED_FOR.put("avx512f", "AVX-512");
        LOOKED_FOR.put("avx512_vnni", "AVX512_VNNI");
        LOOKED_FOR.put("avx512_bf16", "AVX512_BF16");
        LOOKED_FOR.put("amx_tile", "AMX");
        LOOKED_FOR.put("amx_bf16", "AMX_BF16");
    }

    public Processor {
        instructions = List.copyOf(instructions);
        missing = List.copyOf(missing);
    }

    static Processor here() {
        int cores = Runtime.getRuntime().availableProcessors();
        try {
            return parse(Files.readAllLines(Path.of("/proc/cpuinfo")), cores);
        } catch (IOException e) {
            return new Processor(System.getProperty("os.arch", "unknown"), cores, List.of(), List.of()); // not Linux
        }
    }

    /** Reads the first processor; those of a machine are alike. */
    static Processor parse(List<String> cpuinfo, int cores) {
        Set<String> flags = Set.copyOf(Arrays.asList(field(cpuinfo, "flags").split(" +")));
        return new Processor(
                field(cpuinfo, "model name"),
                cores,
                LOOKED_FOR.keySet().stream()
                        .filter(flags::contains)
                        .map(LOOKED_FOR::get)
                        .toList(),
                LOOKED_FOR.keySet().stream()
                        .filter(flag -> !flags.contains(flag))
                        .map(LOOKED_FOR::get)
                        .toList());
    }

    private static String field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.substring(0, Math.max(0, line.indexOf(':')))
                        .strip()
                        .equals(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
