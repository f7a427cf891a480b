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
    void unknownCommand_isTakenForANearOneOnly() {
        assertThat(Call.of("pland").err()).contains("did you mean 'plan'?");
        assertThat(Call.of("bogus").err()).doesNotContain("did you mean");
    }

    @Test
    void wrongValue_isToldWithoutClassesAndAsItIsWritten() {
        assertThat(Call.of("fit", "points.csv", "--method", "foo").complaints())
                .singleElement()
                .asString()
                .contains("unknown method 'foo'")
                .doesNotContain("org.isofleet", "Exception");
        assertThat(Call.of("bench", "foo").complaints())
                .singleElement()
                .asString()
                .contains("one of train, workers")
                .doesNotContain("TRAIN");
    }

    @Test
    void help_exitsWithZero() {
        assertThat(Isofleet.run("--help")).isZero();
        assertThat(Isofleet.run("help")).isZero();
        assertThat(Isofleet.run("help", "plan")).isZero();
    }
}
