package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code isofleet} itself, run by bash in a folder that has the shape of this project. Its Java and its Maven are scripts that
 * note what they were asked for: a real build would take minutes.
 */
class LauncherScriptTest {
    private static final String JAVA = """
            #!/bin/sh
            case "$*" in
              *-XshowSettings:properties*) echo "    java.specification.version = ${FAKE_VERSION:-17}" >&2 ;;
              *-XX:ArchiveClassesAtExit=*)
                echo "much talk of an archive"
                [ -z "$FAKE_NO_ARCHIVE" ] || exit 1
                for word in "$@"; do case "$word" in *AtExit=*) echo archive >"${word#*=}" ;; esac; done ;;
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

    @TempDir
    Path temp = Path.of("");

    private final Map<String, String> environment = new TreeMap<>();
    private final Map<Long, Path> outputs = new TreeMap<>();
    private Path project = Path.of("");
    private Path source = Path.of("");

    /** How a start of the script ended. */
    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeProject() throws IOException {
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

    @Test
    void firstStart_builds_andLaterOnesDoNot() throws Exception {
        Outcome first = run("plan");
        assertThat(first.code()).isZero();
        assertThat(first.out())
                .endsWith("<org.isofleet.deploy.cli.Isofleet>\n<plan>\n")
                .doesNotContain("talk");
        assertThat(first.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("isofleet: building")
                                .contains("build.log"),
                        line -> assertThat(line).matches("isofleet: built in \\d+ s"),
                        line -> assertThat(line).startsWith("isofleet: archiving classes"));
        assertThat(project.resolve("deploy/target/build.log")).content().contains("much talk of a build");
        Outcome second = run("plan");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void build_archivesClassesForNodes() throws Exception {
        for (int start = 0; start < 2; start++) {
            Outcome outcome = run("study");
            assertThat(outcome.out())
                    .contains("<-XX:SharedArchiveFile=" + archive() + ">", "<-Disofleet.archive=" + archive() + ">")
                    .doesNotContain("much talk", "AtExit");
        }
        assertThat(run("plan").out()).doesNotContain("SharedArchiveFile");
        assertThat(archive()).content().isEqualTo("archive\n");
        assertThat(project.resolve("deploy/target/rehearsal")).doesNotExist();
    }

    @Test
    void programPackedByMaven_isArchivedByTheNextStart() throws Exception {
        run("study");
        later(write("deploy/target/isofleet/lib/new.jar", "new"));
        assertThat(run("study").err().lines()).singleElement().asString().startsWith("isofleet: archiving");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void archiveThatWasCutOff_isLeftAlone() throws Exception {
        run("study");
        Files.writeString(archive(), "archi");
        Outcome outcome = run("study");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).endsWith("<study>\n").doesNotContain("jsa");
    }

    @Test
    void archiveThatCannotBeMade_isTriedOnce() throws Exception {
        environment.put("FAKE_NO_ARCHIVE", "yes");
        Outcome outcome = run("study");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("no archive could be made").contains("archive.log");
        assertThat(outcome.out()).endsWith("<study>\n").doesNotContain("jsa");
        assertThat(project.resolve("deploy/target/archive.log")).content().contains("much talk of an archive");
        assertThat(run("study").err()).isEmpty();
    }

    private Path archive() {
        return project.resolve("deploy/target/isofleet/8.jsa");
    }

    @ParameterizedTest
    @CsvSource({
        "deploy/src/main/java/Main.java, 2",
        "deploy/src/main/resources/new.conf, 2",
        "pom.xml, 2",
        "deploy/pom.xml, 2",
        "deploy/src/test/java/MainTest.java, 1",
        "README.md, 1",
    })
    void newerFile_isBuiltWhenItMatters(String changed, int builds) throws Exception {
        run("plan");
        later(write(changed, "changed"));
        assertThat(run("plan").code()).isZero();
        assertThat(builds()).isEqualTo(builds);
    }

    @Test
    void sourceChangedDuringABuild_isBuiltByTheNextStart() throws Exception {
        environment.put("FAKE_EDIT", source.toString());
        run("plan");
        environment.remove("FAKE_EDIT");
        run("plan");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void packedProgramWithoutSources_isNeverBuilt() throws Exception {
        run("plan");
        Files.delete(source);
        try (Stream<Path> folders = Files.walk(project.resolve("deploy/src"))) {
            for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(folder);
            }
        }
        later(write("pom.xml", "<changed/>"));
        assertThat(run("plan").code()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void failedBuild_showsItsEndAndIsTriedAgain() throws Exception {
        environment.put("FAKE_FAILURE", "yes");
        Outcome failed = run("plan");
        assertThat(failed.code()).isEqualTo(2);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .contains("and its last words")
                .endsWith("isofleet: the build failed; the whole log is in "
                        + project.resolve("deploy/target/build.log") + "\n");
        environment.remove("FAKE_FAILURE");
        assertThat(run("plan").code()).isZero();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoStartsAtOnce_buildOnce() throws Exception {
        Path go = temp.resolve("go");
        environment.put("FAKE_WAIT", go.toString());
        Process first = start(project.resolve("isofleet"), "plan");
        await().atMost(Duration.ofSeconds(20)).until(() -> builds() == 1);
        Process second = start(project.resolve("isofleet"), "plan");
        await().atMost(Duration.ofSeconds(20)).until(() -> isWaitingForTheLock(second));
        Files.createFile(go);
        assertThat(outcome(first).code()).isZero();
        assertThat(outcome(second).code()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    private static boolean isWaitingForTheLock(Process process) {
        return process.children()
                .anyMatch(child -> child.info().commandLine().orElse("").contains("flock"));
    }

    @Test
    void arguments_arePassedAsTheyAre() throws Exception {
        Outcome outcome = run("study", "a b.conf", "*", "", "--x=$HOME", "ß");
        assertThat(outcome.out()).endsWith("<study>\n<a b.conf>\n<*>\n<>\n<--x=$HOME>\n<ß>\n");
        assertThat(outcome.out())
                .contains("<-Disofleet.home=" + project + ">", "<" + project + "/deploy/target/isofleet/lib/*>");
    }

    @Test
    void exitCodeAndOptions_arePassed() throws Exception {
        environment.put("FAKE_EXIT", "7");
        environment.put("JAVA_OPTS", "-Xmx2g -Dx=y");
        Outcome outcome = run("plan");
        assertThat(outcome.code()).isEqualTo(7);
        assertThat(outcome.out()).contains("<-Xmx2g>\n<-Dx=y>").doesNotContain("native-access");
        environment.put("FAKE_VERSION", "25");
        assertThat(run("plan").out()).contains("<--enable-native-access=ALL-UNNAMED>");
    }

    @Test
    void startThroughALink_findsItsProject() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), project.resolve("isofleet"));
        assertThat(outcome(start(link, "plan")).out()).contains("<-Disofleet.home=" + project + ">");
    }

    @Test
    void noJava_isNamedWithItsMend() throws Exception {
        environment.put("PATH", temp.resolve("tools").toString());
        refused("no Java found: install a JDK 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "11", "16", "17-ea", "x"})
    void javaThatIsTooOldOrUnknown_isNamed(String version) throws Exception {
        environment.put("FAKE_VERSION", version);
        refused("'" + temp.resolve("jdk/bin/java") + "' is Java " + version + ": install a JDK 17 or newer");
    }

    @Test
    void javaHomeOfNoJava_isNamed() throws Exception {
        environment.put("JAVA_HOME", "/none");
        refused("JAVA_HOME is '/none', which holds no bin/java");
    }

    @Test
    void javaHome_goesBeforeThePath() throws Exception {
        Path old = Files.createDirectories(temp.resolve("old").resolve("bin"));
        executable(Files.writeString(old.resolve("java"), JAVA.replace(":-17", ":-11")));
        environment.put("JAVA_HOME", temp.resolve("old").toString());
        refused("'" + old.resolve("java") + "' is Java 11");
    }

    @Test
    void runtimeWithoutACompiler_startsButDoesNotBuild() throws Exception {
        environment.put("FAKE_RUNTIME", "yes");
        refused("is a runtime without a compiler: install a JDK");
        environment.remove("FAKE_RUNTIME");
        run("plan");
        environment.put("FAKE_RUNTIME", "yes");
        assertThat(run("plan").code()).isZero();
    }

    private void refused(String message) throws Exception {
        Outcome outcome = run("plan");
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("isofleet: ")
                .contains(message);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(builds()).isZero();
    }

    private Outcome run(String... arguments) throws Exception {
        return outcome(start(project.resolve("isofleet"), arguments));
    }

    private Process start(Path script, String... arguments) throws IOException {
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

    private Outcome outcome(Process process) throws Exception {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path out = Objects.requireNonNull(outputs.get(process.pid()));
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(Path.of(out + ".err"), StandardCharsets.UTF_8));
    }

    private long builds() throws IOException {
        Path builds = temp.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    private Path write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private static void later(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    private static void executable(Path file) {
        assertThat(file.toFile().setExecutable(true)).isTrue();
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
