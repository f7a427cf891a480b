package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.RateRule;
import org.isofleet.protocol.study.StudySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudyChoicesTest {
    private static final String STUDY = "name = small\nbudgets = [4e10]\nmodels = [\"2x8\"]\n";
    private static final String COOLDOWN = "schedule { shape = wsd, decay-fraction = 0.4 }\nrepeats.seeds = [7]";

    /** A change of every key that choices tell of; those of {@code evaluation} and {@code workers} the report words itself. */
    private static final List<String> CHANGES = List.of(
            "images.location = \"embedded:emoji\"",
            "images.channels = 1",
            "images.levels = 32",
            "images.resolutions = [32]",
            "budgets = [2e10]",
            "models = [\"2x16\"]",
            "batch.tokens-coefficient = 0.8",
            "batch.tokens-exponent = 0.71",
            "batch.min = 4",
            "batch.max = 512",
            "virtual-shards = 2",
            "optimizer.learning-rate.coefficient = 3.8",
            "optimizer.learning-rate.params-exponent = -0.35",
            "optimizer.learning-rate.batch-exponent = 0.5",
            "optimizer.beta1 = 0.8",
            "optimizer.beta2 = 0.96",
            "optimizer.epsilon = 1e-7",
            "optimizer.weight-decay = 0.2",
            "optimizer.clip-norm = 2",
            "schedule.shape = cosine",
            "schedule.decay-fraction = 0.3",
            "schedule.final-fraction = 0.2",
            "schedule.warm-up.tokens-per-param = 2",
            "schedule.warm-up.min-steps = 99",
            "schedule.warm-up.max-fraction = 0.2",
            "seeds = [2]",
            "repeats.seeds = [8]",
            "repeats.cells = 4",
            "limits.min-steps = 201",
            "limits.fit-min-steps = 1001",
            "limits.max-epochs = 5",
            "limits.min-tokens-per-param = 1",
            "limits.max-tokens-per-param = 99",
            "limits.train-unfitted = true",
            "limits.fit-head-dominated = true",
            "limits.memory = 5 GiB",
            "engine = torch",
            "precision = bf16",
            "checkpoint-every = 999",
            "exact = off",
            "adaptive = on");

    static List<String> changes() {
        return CHANGES;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void choices_ofAChangedKey_areOthers(String change) {
        assertThat(choices(COOLDOWN + "\n" + change)).isNotEqualTo(choices(COOLDOWN));
    }

    @Test
    void changes_leaveOutNoKeyOfTheReference() {
        TreeSet<String> keys = new TreeSet<>();
        ConfigFactory.parseString(StudyFile.referenceText()).entrySet().forEach(entry -> keys.add(entry.getKey()));
        keys.removeIf(key -> key.matches("(evaluation|workers|throughput)\\..*"));
        keys.addAll(List.of("budgets", "models"));
        assertThat(CHANGES.stream().map(change -> change.split(" ", 2)[0])).containsExactlyInAnyOrderElementsOf(keys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "budgets: 4e10 FLOPs; 6 N D",
                "virtual shards: the largest power of two that divides the batch, at most 32",
                "checkpoints: every 1000 steps and after the last",
                "image split: by group of concepts, 80 % train, 8 % validation, 12 % test",
                "positions: RoPE, axial: half of a head's pairs turn with the row, half with the column, base 100",
                "GEGLU: 8/3 of the width, down to a multiple of 16",
                "initialisation: normal; matrices 1 / sqrt(fan-in)",
                "trained cells: at least 200 steps, at most 4 epochs, any number of tokens per parameter, at most 4096 MiB",
                "optimizer: AdamW, beta1 0.9, epsilon 1e-8, weight decay 0.1, clip norm 1",
                "seeds: 1; 7 besides at the middle size of 3 budgets\n",
                "schedule: wsd to 0.1 of the peak over the last 40 % of steps",
            })
    void choices_areSpeltOut(String line) {
        assertThat(choices(COOLDOWN)).contains(line);
    }

    @Test
    void choices_ofLimitsOnTokens_tellOnlyThoseThatLimit() {
        assertThat(choices("limits.max-tokens-per-param = 840")).contains(", at most 840 tokens per parameter,");
        assertThat(choices("limits { min-tokens-per-param = 2.5, max-tokens-per-param = 99 }"))
                .contains(", 2.5 to 99 tokens per parameter,");
        assertThat(choices("seeds = [1, 2]")).contains("seeds: 1, 2\n");
        assertThat(choices("repeats { seeds = [2, 3], cells = 4 }"))
                .contains("seeds: 1; 2, 3 besides at the middle size of 4 budgets\n");
    }

    private static String choices(String more) {
        StudySpec study = StudyFile.parse(STUDY + more, "small.conf");
        Map<Integer, ImageSetRef> images = new TreeMap<>();
        study.images()
                .resolutions()
                .forEach(side -> images.put(side, new ImageSetRef("embedded:noto", "0".repeat(64), 5000)));
        TuningRule rule = TuningRule.of((RateRule.PowerLaw) study.optimizer().rate());
        return String.join("\n", StudyChoices.of(study, images, rule));
    }
}
