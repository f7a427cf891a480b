package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code isofleet}: when it builds, what it passes on, and what it refuses. */
class LauncherScriptTest {
    @TempDir
    Path temp = Path.of("");

    private LauncherProject launcher;

    @BeforeEach
    void makeProject() throws IOException {
        launcher = new LauncherProject(temp);
    }

    @Test
    void firstStart_builds_andLaterOnesDoNot() throws Exception {
        LauncherProject.Outcome first = launcher.run("plan");
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
        assertThat(launcher.file("deploy/target/build.log")).content().contains("much talk of a build");
        LauncherProject.Outcome second = launcher.run("plan");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(launcher.builds()).isEqualTo(1);
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
        launcher.run("plan");
        LauncherProject.later(launcher.write(changed, "changed"));
        assertThat(launcher.run("plan").code()).isZero();
        assertThat(launcher.builds()).isEqualTo(builds);
    }

    @Test
    void sourceChangedDuringABuild_isBuiltByTheNextStart() throws Exception {
        launcher.set("FAKE_EDIT", launcher.source().toString());
        launcher.run("plan");
        launcher.unset("FAKE_EDIT");
        launcher.run("plan");
        assertThat(launcher.builds()).isEqualTo(2);
    }

    @Test
    void packedProgramWithoutSources_isNeverBuilt() throws Exception {
        launcher.run("plan");
        Files.delete(launcher.source());
        try (Stream<Path> folders = Files.walk(launcher.file("deploy/src"))) {
            for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(folder);
            }
        }
        LauncherProject.later(launcher.write("pom.xml", "<changed/>"));
        assertThat(launcher.run("plan").code()).isZero();
        assertThat(launcher.builds()).isEqualTo(1);
    }

    @Test
    void failedBuild_showsItsEndAndIsTriedAgain() throws Exception {
        launcher.set("FAKE_FAILURE", "yes");
        LauncherProject.Outcome failed = launcher.run("plan");
        assertThat(failed.code()).isEqualTo(2);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .contains("and its last words")
                .endsWith("isofleet: the build failed; the whole log is in " + launcher.file("deploy/target/build.log")
                        + "\n");
        launcher.unset("FAKE_FAILURE");
        assertThat(launcher.run("plan").code()).isZero();
        assertThat(launcher.builds()).isEqualTo(2);
    }

    @Test
    void twoStartsAtOnce_buildOnce() throws Exception {
        Path go = temp.resolve("go");
        launcher.set("FAKE_WAIT", go.toString());
        Process first = launcher.start("plan");
        await().atMost(Duration.ofSeconds(20)).until(() -> launcher.builds() == 1);
        Process second = launcher.start("plan");
        await().atMost(Duration.ofSeconds(20)).until(() -> isWaitingForTheLock(second));
        Files.createFile(go);
        assertThat(launcher.outcome(first).code()).isZero();
        assertThat(launcher.outcome(second).code()).isZero();
        assertThat(launcher.builds()).isEqualTo(1);
    }

    private static boolean isWaitingForTheLock(Process process) {
        return process.children()
                .anyMatch(child -> child.info().commandLine().orElse("").contains("flock"));
    }

    @Test
    void arguments_arePassedAsTheyAre() throws Exception {
        LauncherProject.Outcome outcome = launcher.run("study", "a b.conf", "*", "", "--x=$HOME", "ß");
        assertThat(outcome.out()).endsWith("<study>\n<a b.conf>\n<*>\n<>\n<--x=$HOME>\n<ß>\n");
        assertThat(outcome.out())
                .contains(
                        "<-Disofleet.home=" + launcher.file("") + ">",
                        "<" + launcher.file("deploy/target/isofleet/lib/*") + ">");
    }

    @Test
    void exitCodeAndOptions_arePassed() throws Exception {
        launcher.set("FAKE_EXIT", "7");
        launcher.set("JAVA_OPTS", "-Xmx2g -Dx=y");
        LauncherProject.Outcome outcome = launcher.run("plan");
        assertThat(outcome.code()).isEqualTo(7);
        assertThat(outcome.out()).contains("<-Xmx2g>\n<-Dx=y>").doesNotContain("native-access");
        launcher.set("FAKE_VERSION", "25");
        assertThat(launcher.run("plan").out()).contains("<--enable-native-access=ALL-UNNAMED>");
    }

    @Test
    void startThroughALink_findsItsProject() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), launcher.file("isofleet"));
        assertThat(launcher.outcome(launcher.start(link, "plan")).out())
                .contains("<-Disofleet.home=" + launcher.file("") + ">");
    }

    @Test
    void noJava_isNamedWithItsMend() throws Exception {
        launcher.set("PATH", temp.resolve("tools").toString());
        refused("no Java found: install a JDK 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "11", "16", "17-ea", "x"})
    void javaThatIsTooOldOrUnknown_isNamed(String version) throws Exception {
        launcher.set("FAKE_VERSION", version);
        refused("'" + temp.resolve("jdk/bin/java") + "' is Java " + version + ": install a JDK 17 or newer");
    }

    @Test
    void javaHomeOfNoJava_isNamed() throws Exception {
        launcher.set("JAVA_HOME", "/none");
        refused("JAVA_HOME is '/none', which holds no bin/java");
    }

    @Test
    void javaHome_goesBeforeThePath() throws Exception {
        Path old = Files.createDirectories(temp.resolve("old").resolve("bin"));
        LauncherProject.executable(
                Files.writeString(old.resolve("java"), LauncherProject.JAVA.replace(":-17", ":-11")));
        launcher.set("JAVA_HOME", temp.resolve("old").toString());
        refused("'" + old.resolve("java") + "' is Java 11");
    }

    @Test
    void runtimeWithoutACompiler_startsButDoesNotBuild() throws Exception {
        launcher.set("FAKE_RUNTIME", "yes");
        refused("is a runtime without a compiler: install a JDK");
        launcher.unset("FAKE_RUNTIME");
        launcher.run("plan");
        launcher.set("FAKE_RUNTIME", "yes");
        assertThat(launcher.run("plan").code()).isZero();
    }

    private void refused(String message) throws Exception {
        LauncherProject.Outcome outcome = launcher.run("plan");
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("isofleet: ")
                .contains(message);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(launcher.builds()).isZero();
    }
}
