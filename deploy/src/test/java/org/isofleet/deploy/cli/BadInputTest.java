package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.deploy.cli.Refusal.refused;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a user gives that cannot be: one line that names the place and the mend, exit code 2, and nothing written. */
class BadInputTest {
    private static final String STUDY = """
            name = tiny
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [3e10]
            models = ["2x8"]
            batch = 2
            optimizer { learning-rate = 0.025, beta2 = 0.99 }
            limits { max-epochs = 9 }
            """;

    @TempDir
    Path temp = Path.of("");

    private Path study = Path.of("");

    @BeforeEach
    void writeStudy() throws IOException {
        study = Files.writeString(temp.resolve("tiny.conf"), STUDY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch = 2         | batchs = 2        | tiny.conf:5 | did you mean 'batch'",
                "budgets = [3e10]  | budgets = [3 GLOP] | tiny.conf:3 | 20 GFLOP",
                "\"2x8\"             | \"2x7\"             | tiny.conf   | even number",
                "\"2x8\"             | \"0x8\"             | tiny.conf:4: models: | 1 layer",
                "\"2x8\"             | \"2x8x3\"           | tiny.conf:4: models: | even number",
                "[3e10]            | [3e10, -3]         | tiny.conf:3: budgets: | above 0",
                "max-epochs = 9 }  | max-epochs = 9     | tiny.conf:7: | never closed",
                "name = tiny       | name = \"../../x\" | tiny.conf: name | write one without",
                "name = tiny       | include \"x.conf\" | tiny.conf:1: include | stands in one file",
                "levels = 32       | levels = 33       | tiny.conf:2 | power of two",
                "resolutions = [16] | resolutions = [17] | tiny.conf: images.location | 16, 32, 64",
                "embedded:noto     | embedded:nota     | tiny.conf: images.location | embedded:noto",
                "embedded:noto     | /no/such/images   | /no/such/images | name a folder",
                "embedded:noto     | a\\u0000b          | images.location | no path",
                "name = tiny       | name = tiny, evaluation.features = a.conf | tiny.conf: evaluation.features: there is no card | a.conf",
                "name = tiny       | name = tiny, evaluation { distance = b, reference-resolution = 32 } | protocol B wants 10000 references | write references = ",
                "name = tiny       | name = tiny, evaluation { distance = b, reference-resolution = 17 } | evaluation.reference-resolution: images.location | 16, 32, 64",
                "max-epochs = 9    | max-epochs = 0.1  | tiny.conf: study 'tiny': all 1 cells are left out | epochs",
            })
    void plan_ofAFaultyStudy_namesPlaceAndMend(String right, String wrong, String place, String mend)
            throws IOException {
        Files.writeString(study, STUDY.replace(right, wrong));
        refused(List.of(place, mend), "plan", study);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "tune", "study", "coordinator"})
    void missingStudyFile_isNamed(String command) {
        refused(List.of("nothing.conf", "there is no such study file"), command, temp.resolve("nothing.conf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "status"})
    void folderThatIsAFile_isNamed(String command) {
        refused(List.of("tiny.conf"), command, study);
    }

    @Test
    void digest_ofAnythingElse_isRefused() throws IOException {
        refused(List.of("tiny.conf", "no safetensors file"), "digest", study);
        refused(List.of("holds no checkpoint"), "digest", Files.createDirectory(temp.resolve("empty")));
        refused(List.of("does not exist"), "digest", temp.resolve("nothing"));
    }

    @Test
    void fit_ofAFolder_isRefused() {
        refused(List.of(temp.toString()), "fit", temp);
    }

    @ParameterizedTest
    @CsvSource({
        "--memory, 100MiB, limits.memory",
        "--memory, 0, 4GiB",
        "--memory, lots, 4GiB",
        "--local, -1, at least 0",
        "--local, 90000, of this machine; start",
        "--threads, 0, at least 1",
        "--port, 70000, 65535",
    })
    void study_withAnImpossibleNumber_makesNoFolder(String option, String value, String mend) {
        Path folder = temp.resolve("out");
        refused(List.of(option, mend), "study", study, "--out", folder, option, value);
        assertThat(folder).doesNotExist();
    }

    @Test
    void study_thatCannotWriteItsFolder_isRefused() {
        refused(List.of("tiny.conf", "folder"), "study", study, "--out", study);
        refused(List.of("tiny.conf"), "study", study, "--out", study.resolve("below"));
    }

    @Test
    void tune_thatCannotWriteItsFile_trainsNothing() {
        refused(
                List.of("--out", "name a file"),
                "tune",
                "demo",
                "--out",
                temp.resolve("none").resolve("t.json"));
    }

    @Test
    void coordinator_onAPortInUse_isRefused() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            for (String option : List.of("--port", "--http")) {
                refused(
                        List.of("127.0.0.1:" + port, "free the port"),
                        "coordinator",
                        study,
                        "--out",
                        temp.resolve("out"),
                        option,
                        port);
            }
        }
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void coordinator_onAnAddressOfNobody_isRefused() {
        refused(
                List.of("no.such.invalid", "127.0.0.1"),
                "coordinator",
                study,
                "--out",
                temp.resolve("out"),
                "--host",
                "no.such.invalid");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void worker_onAPortInUse_isRefused() throws IOException {
        Path secret = Files.writeString(temp.resolve("secret"), "0123456789abcdef");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String option : List.of("--port", "--bulk-port")) {
                worker(List.of("127.0.0.1:" + taken.getLocalPort(), "free"), secret, option, taken.getLocalPort());
            }
        }
    }

    @Test
    void worker_withAFaultySecret_isRefused() throws IOException {
        worker(List.of("nothing", "no such file"), temp.resolve("nothing"));
        worker(List.of("16 characters"), Files.writeString(temp.resolve("short"), "abc"));
    }

    private void worker(List<String> told, Path secret, Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("worker", "--id", "w1", "--coordinator", "127.0.0.1:9", "--secret-file", secret));
        arguments.addAll(List.of(more));
        refused(told, arguments.toArray());
    }
}
