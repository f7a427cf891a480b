package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder that has the shape of this project, with the script {@code isofleet} itself, run by bash. Its Java and its Maven are scripts that
 * note what they were asked for: a real build would take minutes.
 */
final class LauncherProject {
    static final String JAVA = """
            #!/bin/sh
            case "$*" in
              *-XshowSettings:properties*) echo "    java.specification.version = ${FAKE_VERSION:-17}" >&2 ;;
              *-XX:ArchiveClassesAtExit=*)
                echo "much talk of an archive"
                for word in "$@"; do case "$word" in *AtExit=*) echo archive >"${word#*=}" ;; esac; done
                [ -z "$FAKE_NO_ARCHIVE" ] || exit 1 ;;
              --list-modules) echo "java.base@17"; [ -n "$FAKE_RUNTIME" ] || echo "jdk.compiler@17" ;;
              *) for word in "$@"; do echo "<$word>"; done; exit "${FAKE_EXIT:-0}" ;;
            esac
            """;
    private static final String MVNW = """
            #!/bin/sh
            echo built >> "$FAKE_BUILDS"
            echo "much talk of a build"
            echo "and its last words" >&2
            while [ -n "$FAKE_WAIT" ] && [ ! -e "$FAKE_WAIT" ]; do :; done
            [ -z "$FAKE_EDIT" ] || touch "$FAKE_EDIT"
            [ -z "$FAKE_FAILURE" ] || exit 1
            mkdir -p deploy/target/isofleet/lib
            """;

    private final Map<String, String> environment = new TreeMap<>();
    private final Map<Long, Path> outputs = new TreeMap<>();
    private final Path temp;
    private final Path project;
    private final Path source;

    /** How a start of the script ended. */
    record Outcome(int code, String out, String err) {}

    LauncherProject(Path temp) throws IOException {
        this.temp = temp;
        project = Files.createDirectories(temp.resolve("a project"));
        source = write("deploy/src/main/java/Main.java", "class Main {}");
        write("pom.xml", "<project/>");
        write("deploy/pom.xml", "<project/>");
        executable(write("mvnw", MVNW));
        Files.copy(script(), project.resolve("isofleet"));
        Path tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : List.of(
                "bash",
                "sh",
                "dirname",
                "readlink",
                "sed",
                "find",
                "grep",
                "mkdir",
                "touch",
                "tail",
                "flock",
                "env",
                "rm",
                "mv",
                "wc")) {
            executable(Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + tool(tool) + " \"$@\"\n"));
        }
        Path java = Files.createDirectories(temp.resolve("jdk").resolve("bin"));
        executable(Files.writeString(java.resolve("java"), JAVA));
        environment.put("PATH", tools + ":" + java);
        environment.put("FAKE_BUILDS", temp.resolve("builds").toString());
    }

    /** A file or folder of it. */
    Path file(String name) {
        return project.resolve(name);
    }

    /** Its one source. */
    Path source() {
        return source;
    }

    /** A variable of the starts to come. */
    void set(String variable, String value) {
        environment.put(variable, value);
    }

    void unset(String variable) {
        environment.remove(variable);
    }

    Outcome run(String... arguments) throws Exception {
        return outcome(start(arguments));
    }

    Process start(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool("bash").toString(), script.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(temp, "start", ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectOutput(out.toFile())
                .redirectError(Path.of(out + ".err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        outputs.put(process.pid(), out);
        return process;
    }

    Outcome outcome(Process process) throws Exception {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path out = Objects.requireNonNull(outputs.get(process.pid()));
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(Path.of(out + ".err"), StandardCharsets.UTF_8));
    }

    long builds() throws IOException {
        Path builds = temp.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    Path write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    static void later(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    static void executable(Path file) {
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    Process start(String... arguments) throws IOException {
        return start(file("isofleet"), arguments);
    }

    private static Path script() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("isofleet")) ? here.resolve("isofleet") : here.resolveSibling("isofleet");
    }

    private static Path tool(String name) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " on this machine"));
    }
}
