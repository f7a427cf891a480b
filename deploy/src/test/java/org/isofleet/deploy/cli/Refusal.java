package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A command line that is refused: one line that says all of these words, no exception, exit code 2. */
final class Refusal {
    private Refusal() {}

    static void refused(List<String> told, Object... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = Isofleet.run(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
        } finally {
            System.setErr(before);
        }
        List<String> lines = err.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("isofleet: "))
                .toList();
        assertThat(lines).as(err.toString(StandardCharsets.UTF_8)).hasSize(1);
        assertThat(lines.get(0)).contains(told).doesNotContain("Exception");
        assertThat(code).isEqualTo(2);
    }
}
