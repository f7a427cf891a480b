package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.study.BatchRule;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelChoice;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.RateRule;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.TuningGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudyFileTest {
    private static final String SMALL = "name = small\nbudgets = [4e10, 2e10]\nmodels = [\"2x8\", \"2x16x2\"]\n";

    @Test
    void parse_ofAShortStudy_takesTheRestFromTheReference() {
        StudySpec study = parse(SMALL);
        assertThat(study.budgets()).containsExactly(new Budget(2e10), new Budget(4e10));
        assertThat(study.models())
                .isEqualTo(new ModelChoice.Sizes(List.of(new ModelSize(2, 8, 1), new ModelSize(2, 16, 2))));
        assertThat(study.batch()).isEqualTo(new BatchRule.PowerLaw(0.7576, 0.703, 2, 1024));
        assertThat(study.optimizer().rate()).isEqualTo(new RateRule.PowerLaw(3.7, -0.36, 0, 0.95));
        assertThat(study.policy().prepareTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(study.limits().memoryBytes()).isEqualTo(4L << 30);
        assertThat(study.tune()).isNull();
    }

    @Test
    void parse_readsUnitsLaddersAndCitations() {
        StudySpec study = parse(SMALL + """
                budgets { from = 20 GFLOP, to = 160 GFLOPs, count = 4 }
                models { from = 2k, to = 0.02M, count = 5 }
                batch = 4
                optimizer.tuning { file = a.json, sha256 = %s }
                workers.prepare-timeout = 2 minutes
                limits.memory = 512 MiB
                """.formatted("a".repeat(64)));
        assertThat(study.budgets().stream().map(Budget::flops)).containsExactly(2e10, 4e10, 8e10, 1.6e11);
        assertThat(study.models()).isEqualTo(new ModelChoice.Range(2000, 20000, 5));
        assertThat(study.batch()).isEqualTo(new BatchRule.Fixed(4));
        assertThat(study.optimizer().rate()).isEqualTo(new RateRule.Cited("a.json", "a".repeat(64)));
        assertThat(study.policy().prepareTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(study.limits().memoryBytes()).isEqualTo(512L << 20);
    }

    @Test
    void parse_readsTheTuningGridOfTheReference() {
        String tune = StudyFile.referenceText()
                .lines()
                .dropWhile(line -> !line.startsWith("# tune {"))
                .map(line -> line.substring(1))
                .reduce("", (a, b) -> a + b + "\n");
        TuningGrid grid = Objects.requireNonNull(parse(SMALL + tune).tune());
        assertThat(grid.learningRates()).hasSize(5).first().isEqualTo(2e-3);
    }

    @Test
    void distanceProtocol_bringsItsCounts_unlessTheStudyHasItsOwn() {
        EvaluationSpec a = parse(SMALL + "evaluation.distance = a").evaluation();
        assertThat(a.completions()).isEqualTo(8192);
        assertThat(a.references()).isEqualTo(2048);
        EvaluationSpec b = parse(SMALL + "evaluation { distance = b, reference-resolution = 64, references = 500 }")
                .evaluation();
        assertThat(b.completions()).isEqualTo(10_000);
        assertThat(b.references()).isEqualTo(500);
        EvaluationSpec own = parse(SMALL).evaluation();
        assertThat(own).isEqualTo(EvaluationSpec.defaults());
    }

    @Test
    void keyOrName_withLineBreaks_isRefusedInOneLine() {
        for (String line : new String[] {"optimizer.\"learning\"\"\"\n-rate\"\"\" = 1", "name = \"\"\"a\nb\"\"\""}) {
            assertThatThrownBy(() -> StudyFile.parse(line, "x.conf"))
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).startsWith("x.conf"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            budgts = [1e9]                   | x.conf:4: unknown key 'budgts'; did you mean 'budgets'?
            limits.max-epoch = 3             | x.conf:4: unknown key 'limits.max-epoch'; did you mean 'limits.max-epochs'?
            workers.backoff = 20 parsecs     | x.conf:4: workers.backoff must be a time with its unit (us, ms, s, m, h, d), as 20s, not '20 parsecs'
            workers.backoff = 20             | x.conf:4: workers.backoff must be a time with its unit (us, ms, s, m, h, d), as 20s, not '20'
            limits.memory = 4                | x.conf:4: limits.memory must be a size with its unit (MiB, GiB), as 4 GiB, not '4'
            budgets = [20 s]                 | x.conf:4: budgets must be a number of FLOPs, as 2e10 or 20 GFLOP, not '20 s'
            budgets = [null]                 | x.conf:4: budgets must be a list of values, not 'null'
            limits.min-steps = few           | x.conf:4: limits.min-steps must be a number without unit, as 0.001 or 2e10, not 'few'
            limits.min-steps = 1.5           | x.conf:4: limits.min-steps must be a whole number, not '1.5'
            images = 7                       | x.conf:4: images must be an object in braces, not '7'
            evaluation.distance = c          | x.conf:4: evaluation.distance must be one of own, a, b, not 'c'
            evaluation.distance = b          | x.conf:4: evaluation: distance = b measures against images at their native resolution
            evaluation.probe = slow          | x.conf:4: evaluation.probe must be one of fast, igpt, not 'slow'
            exact = perhaps                  | x.conf:4: exact must be true or false, not 'perhaps'
            schedule.shape = square          | x.conf:4: schedule.shape must be one of cosine, wsd, not 'square'
            models = [2 by 8]                | x.conf:4: models must be layers x width or layers x width x heads, as "2x32" or "2x32x2", not '2 by 8'
            images.channels = 2              | x.conf:4: images: channels must be 1 (grey) or 3 (RGB), not 2
            models = ["2x9x2"]               | width 9 must split into 2 heads of an even number of features
            models = ["0x8"]                 | x.conf:4: models: a model size needs at least 1 layer, not 0
            models = [2x8, 2x8x3]            | x.conf:4: models: width 8 must split into 3 heads of an even number of features
            budgets = [1e10, -3]             | x.conf:4: budgets: budget must be a finite number above 0, not -3.0
            include "y.conf"                 | x.conf:4: include: a study stands in one file
            include file("y.conf")           | x.conf:4: include: a study stands in one file
            include required(classpath("y")) | x.conf:4: include: a study stands in one file
            name = ../../x                   | x.conf: name '../../x' is no name of a folder; write one without /
            name = ".."                      | x.conf: name '..' is no name of a folder
            limits { = 3 }                   | x.conf:4: expecting
            virtual-shards = 3               | virtual-shards must be auto or a power of two, not 3
            name = null                      | name is missing
            name = {                         | x.conf
            """)
    void parse_ofABadStudy_namesPlaceAndMend(String line, String message) {
        assertThatThrownBy(() -> parse(SMALL + line + "\n"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith("x.conf")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void parse_ofTwoSourcesOfTheRate_isRefused() {
        String both = "optimizer { learning-rate = 1e-3, tuning { file = a, sha256 = %s } }".formatted("a".repeat(64));
        assertThatThrownBy(() -> parse(SMALL + both)).hasMessageContaining("exclude each other");
    }

    @Test
    void read_ofAMissingFile_saysSo() {
        assertThatThrownBy(() -> StudyFile.read(Path.of("no/such.conf")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("no/such.conf: there is no such study file");
    }

    /** The folder of a test is not the one that the test was started in. */
    @ParameterizedTest
    @CsvSource({"pictures, pictures", "../pictures, ../pictures", "./a/../pictures, pictures"})
    void relativeImages_lieBesideTheFile(String location, String from, @TempDir Path folder) throws IOException {
        assertThat(imagesOf(folder, location))
                .isEqualTo(folder.resolve(from).normalize().toString());
        Path current = Path.of("").toAbsolutePath();
        assertThat(StudyFile.read(current.relativize(study(folder, location)))
                        .images()
                        .location())
                .as("of a file with a relative name")
                .isEqualTo(folder.resolve(from).normalize().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/somewhere/pictures", "embedded:emoji"})
    void absoluteAndEmbeddedImages_areTakenAsTheyAreNamed(String location, @TempDir Path folder) throws IOException {
        assertThat(imagesOf(folder, location)).isEqualTo(location);
    }

    private static String imagesOf(Path folder, String location) throws IOException {
        return StudyFile.read(study(folder, location)).images().location();
    }

    private static Path study(Path folder, String location) throws IOException {
        return Files.writeString(
                folder.resolve("s.conf"),
                "name = t\nbudgets = [4e10]\nmodels = [2x8]\nimages.location = \"%s\"\n".formatted(location));
    }

    private static StudySpec parse(String text) {
        return StudyFile.parse(text, "x.conf");
    }
}
