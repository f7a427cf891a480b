package org.isofleet.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupMemberTest {
    @TempDir
    Path temp;

    @Test
    void member_thatIsToldToEnd_leavesNoFolder() throws Exception {
        List<String> command = OwnProcess.command(
                List.of("-Djava.io.tmpdir=" + temp),
                System.getProperty("java.class.path"),
                GroupMember.class,
                List.of("XS", "w0"));
        Process member = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader answers = member.inputReader(StandardCharsets.UTF_8)) {
            String line = answers.readLine();
            while (line != null && !line.startsWith(StepOrders.READY)) {
                line = answers.readLine();
            }
            assertThat(line).isNotNull();
            assertThat(folders()).isEqualTo(1);
            member.destroy();
            assertThat(member.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(folders()).isZero();
        } finally {
            member.destroyForcibly();
        }
    }

    private long folders() throws Exception {
        try (Stream<Path> files = Files.list(temp)) {
            return files.filter(file -> file.getFileName().toString().startsWith("isofleet-bench"))
                    .count();
        }
    }
}
