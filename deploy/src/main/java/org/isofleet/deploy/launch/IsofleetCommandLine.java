package org.isofleet.deploy.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program is started once more: with this JVM's Java and class path. */
public final class IsofleetCommandLine {
    public static final String MAIN_CLASS = "org.isofleet.deploy.cli.Isofleet";

    /**
     * Loops are left to the quick compiler for longer. The optimizing one takes them up in the middle at first, from where little can be known: a third
     * of the processor time until a worker has made its first thousand steps, for code that is then slower than that of whole methods.
     */
    private static final String COMPILE_LATER = "-XX:Tier4BackEdgeThreshold=400000";

    private IsofleetCommandLine() {}

    /** Options of every JVM of ours, whatever machine it is on, by the version of its Java. */
    public static List<String> options(int javaVersion) {
        List<String> options =
                new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx1g", COMPILE_LATER));
        if (javaVersion >= 24) {
            options.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        return options;
    }

    /** Program and arguments of a command of ours. */
    public static List<String> of(List<String> arguments) {
        return of(MAIN_CLASS, arguments);
    }

    /** Another main class of this program. */
    public static List<String> of(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options(Runtime.version().feature()));
        command.addAll(ClassArchive.ofThisProcess());
        String home = System.getProperty("isofleet.home");
        if (home != null) {
            command.add("-Disofleet.home=" + home);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }
}
