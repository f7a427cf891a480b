package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** A command line that is refused: one line that says all of these words, no exception, exit code 2. */
final class Refusal {
    private Refusal() {}

    static void refused(List<String> told, Object... arguments) {
        Call call = Call.of(arguments);
        assertThat(call.complaints()).as(call.err()).hasSize(1);
        assertThat(call.complaints().get(0)).contains(told).doesNotContain("Exception");
        assertThat(call.code()).isEqualTo(2);
    }
}
