package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class IsofleetTest {
    @Test
    void unknownCommand_isOneLineAndExitCodeTwo() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = Isofleet.run("pland");
        } finally {
            System.setErr(before);
        }
        assertThat(code).isEqualTo(2);
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("pland");
    }

    @Test
    void help_exitsWithZero() {
        assertThat(Isofleet.run("--help")).isZero();
    }
}
