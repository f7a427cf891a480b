package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SystemdUnitsTest {
    private static final String PROGRAM = "/opt/isofleet/isofleet ";

    @TempDir
    Path temp = Path.of("");

    private static String unit(String name) throws IOException {
        return Files.readString(Path.of("systemd", name + "@.service"));
    }

    /** What the unit starts, with the options that its comment gives for an example. */
    @ParameterizedTest
    @ValueSource(strings = {"isofleet-coordinator", "isofleet-worker"})
    void commandOfAUnit_isOneOfOurs(String name) throws IOException {
        String options = line(unit(name), "#   OPTIONS=");
        String command = line(unit(name), "ExecStart=" + PROGRAM).replace("$OPTIONS", options);
        String[] words = Stream.of(command.split(" ")).skip(1).toArray(String[]::new);
        CommandLine line =
                new CommandLine(command.startsWith("worker ") ? new WorkerCommand() : new CoordinatorCommand());
        assertThat(line.parseArgs(words).errors()).isEmpty();
    }

    private static String line(String unit, String begin) {
        return unit.lines()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElseThrow()
                .substring(begin.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"isofleet-coordinator", "isofleet-worker"})
    void unit_pleasesSystemd(String name) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd here, so units are not verified");
        Path unit =
                Files.writeString(temp.resolve(name + "@1.service"), unit(name).replace(PROGRAM, "/bin/true "));
        Process verify = new ProcessBuilder("/usr/bin/systemd-analyze", "verify", unit.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(verify.waitFor()).isZero();
    }
}
