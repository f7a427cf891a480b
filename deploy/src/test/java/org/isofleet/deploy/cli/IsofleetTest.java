package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IsofleetTest {
    @Test
    void unknownCommand_isOneLineAndExitCodeTwo() {
        Call call = Call.of("pland");
        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err().lines()).hasSize(1).first().asString().contains("pland");
    }

    @Test
    void help_exitsWithZero() {
        assertThat(Isofleet.run("--help")).isZero();
    }
}
