package org.isofleet.deploy.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of further Java processes. */
final class OwnProcess {
    private OwnProcess() {}

    /** A main class of ours on this program's class path. */
    static List<String> command(Class<?> main, List<String> arguments) {
        return command(List.of("-XX:+UseSerialGC"), System.getProperty("java.class.path"), main, arguments);
    }

    static List<String> command(List<String> options, String classPath, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }
}
