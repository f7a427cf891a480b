package org.isofleet.deploy.bits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.worker.checkpoint.ParameterDigest;

/** The command line in a process of its own, and what its study folder tells. Closing it kills what it started. */
final class StudyProcess implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(8);

    private final Path folder;
    private final Path output;
    private final Process process;

    private StudyProcess(Path folder, Process process, Path output) {
        this.folder = folder;
        this.process = process;
        this.output = output;
    }

    /** Starts {@code isofleet ARGUMENTS}; output and log go to files beside the study folder. */
    static StudyProcess start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = PackedProgram.command(List.of("-Xmx1g"), List.of(arguments));
        Path output = Files.createTempFile(folder.getParent(), arguments[0], ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(
                        ProcessBuilder.Redirect.to(Path.of(output + ".err").toFile()));
        builder.environment().putAll(environment);
        return new StudyProcess(folder, builder.start(), output);
    }

    static StudyProcess study(Path study, Path folder, int workers, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "study", study.toString(), "--json", "--out", folder.toString(), "--local", Integer.toString(workers)));
        arguments.addAll(List.of(more));
        return start(folder, Map.of(), arguments.toArray(String[]::new));
    }

    Process process() {
        return process;
    }

    /** Digests of all runs by id, once the study has ended; each is that of the file on disk too. */
    Map<String, String> digests() throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("no end after " + LONGEST + ":\n" + told());
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ":\n" + told());
        }
        JsonNode answer = answer();
        Map<String, String> digests = new TreeMap<>();
        for (JsonNode run : answer.get("runs")) {
            if (!run.get("state").asText().equals("done")) {
                throw new AssertionError("not done: " + run);
            }
            String id = run.get("id").asText();
            String onDisk = ParameterDigest.of(folder.resolve("checkpoints").resolve(id))
                    .sha256();
            if (!onDisk.equals(run.get("digest").asText())) {
                throw new AssertionError("the file of " + id + " is another: " + onDisk);
            }
            digests.put(id, onDisk);
        }
        return digests;
    }

    /** The JSON answer of a study that has ended. */
    JsonNode answer() throws IOException {
        return new ObjectMapper().readTree(Files.readString(output));
    }

    /** Number of the first line of the event log that holds a word; -1 when there is none. */
    int positionOf(String word) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("events.jsonl"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(word)) {
                return i;
            }
        }
        return -1;
    }

    /** Number of the last line of the event log that holds a word; -1 when there is none. */
    int lastPositionOf(String word) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("events.jsonl"));
        int line = lines.size() - 1;
        while (line >= 0 && !lines.get(line).contains(word)) {
            line--;
        }
        return line;
    }

    /** What it wrote to standard error. */
    String told() throws IOException {
        return Files.readString(Path.of(output + ".err"));
    }

    /** Lines of the study's event log that hold all of these words. */
    List<String> events(String... words) {
        Path log = folder.resolve("events.jsonl");
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
            return lines.filter(line -> Stream.of(words).allMatch(line::contains))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process of a worker that this study's launcher started. */
    Optional<ProcessHandle> worker(String id) throws IOException {
        Path record = folder.resolve("workers").resolve(id + ".process");
        return Files.exists(record)
                ? ProcessHandle.of(Long.parseLong(Files.readString(record).split(" ")[0]))
                : Optional.empty();
    }

    /** The newest step of which a checkpoint lies on disk, whoever knows of it. */
    long newestStepOnDisk() {
        try (Stream<Path> all = Files.walk(folder.resolve("checkpoints"), 2)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("step-"))
                    .mapToLong(name -> Long.parseLong(name.split("-")[1]))
                    .max()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0; // a folder that is being renamed; asked again soon
        }
    }

    /** What lies in the folders of runs, hidden folders included. */
    List<String> checkpointsOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("checkpoints"), 2)) {
            return all.filter(Files::isDirectory)
                    .filter(path -> path.getNameCount() == folder.getNameCount() + 3)
                    .map(path -> path.getFileName().toString())
                    .toList();
        }
    }

    /** Kills the process, and the workers it started, with SIGKILL. */
    void killEverything() throws IOException, InterruptedException {
        kill(process.toHandle());
        for (String id : List.of("w1", "w2")) {
            worker(id).ifPresent(StudyProcess::kill);
        }
    }

    /** Sends a signal by its name, as STOP or CONT. */
    static void signal(String name, ProcessHandle handle) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(handle.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("no signal " + name + " reached process " + handle.pid());
        }
    }

    static void kill(ProcessHandle handle) {
        handle.destroyForcibly();
        handle.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        try {
            killEverything();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("processes may be left", e);
        }
    }
}
