package org.isofleet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that the script {@code isofleet} makes after a build: when, for whom, and what of one that is damaged or cannot be made. */
class LauncherArchiveTest {
    @TempDir
    Path temp = Path.of("");

    private LauncherProject launcher;

    @BeforeEach
    void makeProject() throws IOException {
        launcher = new LauncherProject(temp);
    }

    @Test
    void build_archivesClassesForNodes() throws Exception {
        for (int start = 0; start < 2; start++) {
            LauncherProject.Outcome outcome = launcher.run("study");
            assertThat(outcome.out())
                    .contains("<-XX:SharedArchiveFile=" + archive() + ">", "<-Disofleet.archive=" + archive() + ">")
                    .doesNotContain("much talk", "AtExit");
        }
        assertThat(launcher.run("plan").out()).doesNotContain("SharedArchiveFile");
        assertThat(archive()).content().isEqualTo("archive\n");
        assertThat(launcher.file("deploy/target/rehearsal")).doesNotExist();
    }

    @Test
    void programPackedByMaven_isArchivedByTheNextStart() throws Exception {
        launcher.run("study");
        LauncherProject.later(launcher.write("deploy/target/isofleet/lib/new.jar", "new"));
        assertThat(launcher.run("study").err().lines())
                .singleElement()
                .asString()
                .startsWith("isofleet: archiving");
        assertThat(launcher.builds()).isEqualTo(1);
    }

    @Test
    void archiveThatWasCutOff_isLeftAlone() throws Exception {
        launcher.run("study");
        Files.writeString(archive(), "archi");
        LauncherProject.Outcome outcome = launcher.run("study");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).endsWith("<study>\n").doesNotContain("jsa");
    }

    @Test
    void archiveThatCannotBeMade_isTriedOnce() throws Exception {
        launcher.set("FAKE_NO_ARCHIVE", "yes");
        LauncherProject.Outcome outcome = launcher.run("study");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("no archive could be made").contains("archive.log");
        assertThat(outcome.out()).endsWith("<study>\n").doesNotContain("jsa");
        assertThat(launcher.file("deploy/target/isofleet")).isDirectoryNotContaining("glob:**/archive*");
        assertThat(launcher.file("deploy/target/archive.log")).content().contains("much talk of an archive");
        assertThat(launcher.run("study").err()).isEmpty();
    }

    private Path archive() {
        return launcher.file("deploy/target/isofleet/8.jsa");
    }
}
