package org.isofleet.deploy.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The answer for people, a line each. */
public final class DoctorText {
    private DoctorText() {}

    /** The lines. */
    public static List<String> of(DoctorAnswer answer) {
        List<String> lines = new ArrayList<>();
        Processor processor = answer.processor();
        lines.add(row(
                "processor",
                "%s, %d cores, %s%s"
                        .formatted(
                                processor.name(),
                                processor.cores(),
                                String.join(" ", processor.instructions()),
                                processor.missing().isEmpty()
                                        ? ""
                                        : "; lacks " + String.join(" ", processor.missing()))));
        HostMemory memory = answer.memory();
        Long limit = memory.limitBytes();
        lines.add(row(
                "memory",
                "%s available of %s, %s"
                        .formatted(
                                gibibytes(memory.availableBytes()),
                                gibibytes(memory.totalBytes()),
                                limit == null
                                        ? "no limit by a control group"
                                        : "limited to " + gibibytes(limit) + " by a control group")));
        lines.add(row(
                "java",
                "%s %s in %s"
                        .formatted(
                                answer.java().name(),
                                answer.java().version(),
                                answer.java().home())));
        if (answer.noGpu() != null) {
            lines.add(row("gpu", "none: " + answer.noGpu()));
        }
        for (Gpu gpu : answer.gpus()) {
            lines.add(row("gpu", gpu(gpu)));
        }
        for (EngineReport engine : answer.engines()) {
            lines.add(row("engine", engine(engine)));
        }
        DoctorAnswer.Auto auto = answer.auto();
        lines.add(row(
                "auto",
                "%s in %s, which %s here; %s"
                        .formatted(
                                auto.engine(),
                                auto.precision(),
                                auto.works() ? "works" : "does not work",
                                auto.why())));
        lines.add(row("threads", threads(answer.threads())));
        for (Surroundings.Disk disk : answer.surroundings().disks()) {
            lines.add(row("disk", disk(disk)));
        }
        String loopback = answer.surroundings().loopback();
        lines.add(row("loopback", loopback == null ? "works" : loopback));
        return lines;
    }

    private static String row(String name, String text) {
        return "%-10s %s".formatted(name, text);
    }

    private static String gpu(Gpu gpu) {
        return "%s %s, %s free of %s, driver %s, compute capability %s"
                .formatted(
                        gpu.device(),
                        gpu.name(),
                        gibibytes(gpu.freeBytes()),
                        gibibytes(gpu.totalBytes()),
                        gpu.driver(),
                        gpu.capability() == null ? "unknown" : gpu.capability());
    }

    private static String engine(EngineReport engine) {
        return "%s in %s on %s: %s"
                .formatted(
                        engine.engine(),
                        engine.precision(),
                        engine.device(),
                        engine.works() ? "works, kernel class " + engine.kernelClass() : "no, " + engine.reason());
    }

    private static String threads(List<SlotThreads> slots) {
        String command = "--local %d --threads 1: ".formatted(slots.size());
        boolean bound = slots.stream().noneMatch(slot -> slot.cores().isEmpty());
        String where = bound
                ? slots.stream()
                        .map(slot -> slot.worker() + " on core " + slot.cores())
                        .collect(Collectors.joining(", "))
                : "workers are placed by the scheduler";
        return command + where + "; one thread a product (OMP_NUM_THREADS=1, OPENBLAS_NUM_THREADS=1)";
    }

    private static String disk(Surroundings.Disk disk) {
        return "%s in %s: %s free%s"
                .formatted(
                        disk.purpose(),
                        disk.folder(),
                        gibibytes(disk.freeBytes()),
                        disk.problem() == null ? "" : "; " + disk.problem());
    }

    private static String gibibytes(long bytes) {
        return "%.1f GiB".formatted(bytes / (double) (1 << 30));
    }
}
