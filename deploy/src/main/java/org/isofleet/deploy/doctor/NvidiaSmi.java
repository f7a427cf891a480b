package org.isofleet.deploy.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The driver's own tool, {@code nvidia-smi}, asked what GPUs there are: it comes with every driver and reads NVML, so nothing of CUDA
 * has to be on the class path.
 */
final class NvidiaSmi {
    /**
     * What was found.
     *
     * @param note why there is no GPU; null when there is one
     */
    record Findings(List<Gpu> gpus, @Nullable String note) {
        Findings {
            gpus = List.copyOf(gpus);
        }

        private static Findings none(String why) {
            return new Findings(List.of(), why);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FIELDS = "index,name,driver_version,memory.total,memory.free";

    private final Path program;

    NvidiaSmi(Path program) {
        this.program = program;
    }

    /** Of the first program of that name on a search path. */
    static Findings onPath(String path) {
        Optional<Path> program = Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "nvidia-smi"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isPresent()) {
            return new NvidiaSmi(program.get()).find();
        }
        return Findings.none(
                Files.exists(Path.of("/proc/driver/nvidia/version"))
                        ? "there is a driver of NVIDIA's but no nvidia-smi on the PATH; install the driver's utilities"
                        : "no NVIDIA driver is loaded");
    }

    Findings find() {
        try {
            TimedCommand.Answer answer = ask(FIELDS + ",compute_cap");
            if (!answer.isGood()) {
                answer = ask(FIELDS); // drivers before 470 do not know of the capability
            }
            if (!answer.isGood()) {
                return Findings.none(program + " failed ("
                        + answer.lines().stream().findFirst().orElse("no output") + ")");
            }
            List<Gpu> gpus = answer.lines().stream()
                    .filter(line -> !line.isBlank())
                    .map(NvidiaSmi::parse)
                    .toList();
            return gpus.isEmpty() ? Findings.none("the driver knows of no GPU") : new Findings(gpus, null);
        } catch (IOException | IllegalArgumentException e) {
            return Findings.none(program + " could not be understood (" + e.getMessage() + ")");
        }
    }

    private TimedCommand.Answer ask(String fields) throws IOException {
        List<String> command = List.of(program.toString(), "--query-gpu=" + fields, "--format=csv,noheader,nounits");
        TimedCommand.Answer answer = TimedCommand.run(command, Map.of(), true, PATIENCE);
        if (answer.code().isEmpty()) { // as when a GPU has fallen off its bus
            throw new IOException("no answer in " + PATIENCE.toSeconds() + " s");
        }
        return answer;
    }

    /** One line: fields are divided by a comma, memory is in MiB, and what a GPU does not tell is in brackets. */
    static Gpu parse(String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split(",")) {
            fields.add(field.strip());
        }
        if (fields.size() < 5) {
            throw new IllegalArgumentException("'" + line + "'");
        }
        String capability = fields.size() > 5 && fields.get(5).matches("\\d+\\.\\d+") ? fields.get(5) : null;
        return new Gpu(
                Integer.parseInt(fields.get(0)),
                fields.get(1),
                fields.get(2),
                capability,
                mebibytes(fields.get(3)),
                mebibytes(fields.get(4)));
    }

    private static long mebibytes(String field) {
        return field.matches("\\d+") ? Long.parseLong(field) << 20 : 0;
    }
}
