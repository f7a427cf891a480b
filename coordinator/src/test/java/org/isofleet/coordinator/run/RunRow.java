package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** A row of a table of rules: what a run went through, where it stands then, and what its last input brought about. */
record RunRow(String rule, RunStory story, String phase, List<String> outcome) {
    static RunRow row(String rule, RunStory story, String phase, String... outcome) {
        return new RunRow(rule, story, phase, List.of(outcome));
    }

    void check() {
        assertThat(story.outcome()).isEqualTo(outcome);
        assertThat(story.phase()).isEqualTo(phase);
    }

    @Override
    public String toString() {
        return rule;
    }
}
