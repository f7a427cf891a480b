package org.isofleet.deploy.doctor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.isofleet.deploy.launch.IsofleetCommandLine;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.node.LocalEngines;

/**
 * An engine tried by computing a gradient. It is done by a process of its own, for a native library that asks for instructions which the
 * processor lacks, or for other libraries, may take its whole process down.
 */
final class EngineTrial {
    private static final String WORKS = "works ";
    private static final String REFUSED = "refused ";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private EngineTrial() {}

    /** Tries an engine, its name the first argument, in each precision that follows; tells one line for each. */
    public static void main(String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(line(arguments[0], arguments[i]));
        }
    }

    private static String line(String engine, String precision) {
        try {
            return WORKS + LocalEngines.kernelClass(EngineChoice.of(engine, precision));
        } catch (InvalidSpecException | LinkageError e) {
            return REFUSED + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
        }
    }

    /** How an engine does here, in each of the precisions. */
    static List<EngineReport> onProcessor(String engine, List<String> precisions) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(engine));
        arguments.addAll(precisions);
        return onProcessor(engine, precisions, IsofleetCommandLine.of(EngineTrial.class.getName(), arguments));
    }

    /** The same by a given command, which tells what {@link #main} tells. */
    static List<EngineReport> onProcessor(String engine, List<String> precisions, List<String> command)
            throws IOException {
        TimedCommand.Answer answer = TimedCommand.run(command, Map.of("OMP_NUM_THREADS", "1"), false, PATIENCE);
        return reports(engine, precisions, answer.lines(), end(answer.code()));
    }

    private static String end(OptionalInt code) {
        if (code.isEmpty()) {
            return "its trial did not end within " + PATIENCE.toSeconds() + " s";
        }
        return switch (code.getAsInt()) {
            case 132 -> "its library uses instructions that this processor lacks (SIGILL)";
            case 137 -> "its trial was killed, as the system does when memory runs out";
            default -> "its trial ended with exit code " + code.getAsInt();
        };
    }

    /** Lines of other origin, as a library may write them, are passed over; precisions without a line failed as the process ended. */
    static List<EngineReport> reports(String engine, List<String> precisions, List<String> output, String end) {
        List<String> lines = output.stream()
                .filter(line -> line.startsWith(WORKS) || line.startsWith(REFUSED))
                .toList();
        List<EngineReport> reports = new ArrayList<>();
        for (int i = 0; i < precisions.size(); i++) {
            String line = i < lines.size() ? lines.get(i) : REFUSED + end;
            reports.add(
                    line.startsWith(WORKS)
                            ? EngineReport.works(engine, precisions.get(i), "cpu", line.substring(WORKS.length()))
                            : EngineReport.refused(engine, precisions.get(i), "cpu", line.substring(REFUSED.length())));
        }
        return reports;
    }
}
