package org.isofleet.deploy.bits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.deploy.launch.LoopbackPort;

/** Processes of coordinators, and of workers that dial all of them, in one study folder. Closing it kills them all. */
final class CoordinatorProcesses implements AutoCloseable {
    private final Path study;
    private final Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private final List<StudyProcess> processes = new ArrayList<>();

    CoordinatorProcesses(Path study, Path folder, int coordinators) throws IOException {
        this.study = study;
        this.folder = Files.createDirectory(folder);
        for (int i = 0; i < coordinators; i++) {
            ports.add(LoopbackPort.free());
        }
    }

    /** What the first coordinator says that a worker is to be told. */
    String joining() {
        return "127.0.0.1:" + ports.get(0) + " --secret-file " + folder.resolve("secret");
    }

    /** One whose journal is where the folder says. */
    StudyProcess coordinator(int number) throws IOException {
        return coordinator(number, List.of());
    }

    /** One whose journal is in a database. */
    StudyProcess coordinator(int number, String journal) throws IOException {
        return coordinator(number, List.of("--network", "lan", "--journal", journal));
    }

    private StudyProcess coordinator(int number, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "coordinator",
                study.toString(),
                "--json",
                "--out",
                folder.toString(),
                "--port",
                Integer.toString(ports.get(number))));
        arguments.addAll(more);
        return started(StudyProcess.start(folder, Map.of(), arguments.toArray(String[]::new)));
    }

    /** A worker that dials the coordinators, the last one first. */
    StudyProcess worker(String id) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "worker", "--id", id, "--secret-file", folder.resolve("secret").toString()));
        for (int i = ports.size() - 1; i >= 0; i--) {
            arguments.addAll(List.of("--coordinator", "127.0.0.1:" + ports.get(i)));
        }
        return started(StudyProcess.start(
                folder, Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"), arguments.toArray(String[]::new)));
    }

    /** {@code isofleet journal WHAT FOLDER MORE}, to its end. */
    void journal(String what, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("journal", what, folder.toString()));
        arguments.addAll(List.of(more));
        try (StudyProcess command = StudyProcess.start(folder, Map.of(), arguments.toArray(String[]::new))) {
            if (command.process().waitFor() != 0) {
                throw new AssertionError("journal " + what + " failed: " + command.told());
            }
        }
    }

    private StudyProcess started(StudyProcess process) {
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        processes.forEach(StudyProcess::close);
    }
}
