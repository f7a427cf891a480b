package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudySpec;

/** Whatever is written in a study file, it is a study or refused in one line that names the file. */
class StudyTextTest {
    private static final String STUDY = """
            name = tiny
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [3e10]
            models = ["2x8"]
            batch = 2
            optimizer { learning-rate = 0.025, beta2 = 0.99 }
            limits { max-epochs = 9, memory = 4GiB }
            workers { backoff = 1s, per-run = 2 }
            """;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "=",
            ",",
            "${",
            "include \"x\"",
            "-1",
            "0",
            "NaN",
            "1e999",
            "null",
            "true",
            "9e99 GiB",
            "-3s",
            "#",
            "//",
            "\n",
            "\\u0000",
            "\"\"\"",
            "[[]]",
            "{}",
            "${?HOME}",
            "2x",
            "999999999999999999999",
            "+=",
            "ß");

    @Property(tries = 400)
    void anyText_isRefusedInOneLine(@ForAll String text) {
        assertStudyOrRefusal(text);
    }

    @Property(tries = 1500)
    void studyWithPiecesPutIn_isAStudyOrRefusedInOneLine(@ForAll("damage") String text) {
        assertStudyOrRefusal(text);
    }

    @Provide
    Arbitrary<String> damage() {
        return Arbitraries.longs().map(seed -> {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(STUDY);
            for (int i = 0; i <= random.nextInt(3); i++) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(6));
                text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
            }
            return text.toString();
        });
    }

    @Property(tries = 600)
    void anyValueOfAnyKey_isAStudyOrRefusedInOneLine(@ForAll("keys") String key, @ForAll("values") String value) {
        assertStudyOrRefusal(STUDY + key + " = " + value + "\n");
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of(StudyFile.referenceText()
                .lines()
                .map(line -> line.replaceFirst("^[# ]*([a-z][a-z0-9-]*) *[={].*", "$1"))
                .filter(key -> key.matches("[a-z][a-z0-9-]*"))
                .flatMap(key -> java.util.stream.Stream.of(
                                "", "optimizer.", "limits.", "tune.", "evaluation.", "images.")
                        .map(section -> section + key))
                .distinct()
                .toList());
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of(
                "0",
                "-1",
                "1",
                "1e300",
                "\"\"",
                "\"x\"",
                "[]",
                "[1]",
                "[\"2x8\"]",
                "{}",
                "{ a = 1 }",
                "null",
                "true",
                "NaN",
                "1e-300",
                "2147483648",
                "9223372036854775807",
                "[[1]]",
                "1s",
                "-1s",
                "1GiB",
                "3 GFLOP");
    }

    @Example
    void studyThatDoesNotPromiseItsBits_saysSo() {
        assertThat(engine("")).isEqualTo("engine: dl4j fp32, exact");
        assertThat(engine("exact = off")).contains("not exact", "bits are not promised");
    }

    private static String engine(String more) {
        StudySpec study = StudyFile.parse(STUDY + more, "tiny.conf");
        Map<Integer, ImageSetRef> images = Map.of(16, new ImageSetRef("embedded:noto", "0".repeat(64), 5000));
        return Planner.plan(study, images, new TuningRule(0.5, -0.5, 0.5, 0.99, "test")).choices().stream()
                .filter(choice -> choice.startsWith("engine: "))
                .findFirst()
                .orElseThrow();
    }

    private static void assertStudyOrRefusal(String text) {
        Throwable thrown = catchThrowable(() -> StudyFile.parse(text, "tiny.conf"));
        if (thrown != null) {
            assertThat(thrown).as(text).isInstanceOf(InvalidSpecException.class);
            assertThat(thrown.getMessage()).as(text).contains("tiny.conf").hasLineCount(1);
        }
    }
}
