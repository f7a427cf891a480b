package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BracketsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a { b = [1] }                  | 0",
                "a {/b = [1/}                   | 2",
                "a {/b { c = 1 }/d = 2          | 1",
                "a = \"{\"/b = [                | 2",
                "# {/b { // }/                  | 2",
                "a = \"{\\n\"                 | 0",
                "}/a = [                        | 2",
            })
    void innermostOpenBracket_isFound_butNoneInQuotesOrComments(String text, int line) {
        assertThat(Brackets.lineOfUnclosed(text.replace('/', '\n').replace("\n\n", "//"))
                        .orElse(0))
                .isEqualTo(line);
    }
}
