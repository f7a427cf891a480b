package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.metrics.live.LiveEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the documentation, as they stand there. */
@Timeout(60)
class ApiExamplesTest {
    private static final Path EXAMPLES =
            Path.of("../docs/examples").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void python_readsAndFollowsAStudy() throws Exception {
        assumeTrue(isInstalled("python3"), "no python3 on this machine: its example is not tried");
        try (ServedStudy served = ServedStudy.inTheMiddle(folder, GridStudy.of(2, 6, 1))) {
            Process python = start(List.of(
                    "python3", EXAMPLES.resolve("study.py").toString(), served.server.url(), token(), "--events", "2"));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                served.show(new LiveEvent.Warning(Instant.now(), null, "something odd"));
                return !python.isAlive();
            });
            assertThat(output())
                    .contains("grid: ")
                    .contains("tokens/s on w1")
                    .contains("hello {\"sequence\"")
                    .contains("warning {\"event\": \"warning\"");
            assertThat(python.exitValue()).isZero();
        }
    }

    @Test
    void curl_readsAStudyAndItsReport() throws Exception {
        assumeTrue(isInstalled("curl"), "no curl on this machine: its example is not tried");
        try (ServedStudy served = ServedStudy.inTheMiddle(folder, GridStudy.of(2, 6, 1))) {
            String url = served.server.url().replaceAll("/$", "");
            Process curl = start(List.of("bash", EXAMPLES.resolve("study.sh").toString(), url, token()));
            assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output())
                    .contains("\"name\":\"grid\"")
                    .contains("\"state\":\"training\"")
                    .contains("event: hello");
            assertThat(curl.exitValue()).isZero();
            assertThat(Files.readString(folder.resolve("report-by-curl.html"))).contains("Scaling study");
        }
    }

    private Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String token() {
        return folder.resolve("tokens/reader.read").toString();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
