package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorSettings;
import org.isofleet.deploy.launch.LogFormat;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStudyTest {
    private static final String STUDY = """
            name = tiny
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [3e10]
            models = ["2x8"]
            batch = 2
            optimizer { learning-rate = 0.025, beta2 = 0.99 }
            limits { max-epochs = 9 }
            """;

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"auto, fp32, dl4j", "auto, bf16, torch", "dl4j, fp32, dl4j", "torch, fp32, torch"})
    void engine_byItsNameOrByThePrecision(String engine, String precision, String chosen) throws IOException {
        RunSpec spec = plan(STUDY + "engine = " + engine + ", precision = " + precision)
                .runs()
                .get(0)
                .spec();
        assertThat(spec.engine()).isEqualTo(chosen);
        assertThat(spec.precision()).isEqualTo(precision);
    }

    @ParameterizedTest
    @CsvSource({
        "dl4j, bf16, set engine = torch",
        "jax, fp32, engine must be auto",
        "torch, fp8, precision must be fp32 or bf16"
    })
    void engineThatThereIsNot_isRefused(String engine, String precision, String mend) {
        assertThatThrownBy(() -> plan(STUDY + "engine = " + engine + ", precision = " + precision))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(mend);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"event\":\"study-sta"})
    void folderOfAStartThatWasKilledAtOnce_isTakenAgain(String written) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("out"));
        Files.writeString(folder.resolve("events.jsonl"), written);
        study(plan(STUDY), folder, 0).refuseAnotherStudy();
        assertThat(StudyFolder.find(folder)).isEmpty();
    }

    private StudyPlan plan(String text) throws IOException {
        StudySource source = StudySource.open(
                Files.writeString(temp.resolve("tiny.conf"), text).toString());
        return StudyPlans.plan(source, (location, resolution) -> new ImageSetRef(location, "0".repeat(64), 3000));
    }

    private static LocalStudy study(StudyPlan plan, Path folder, int workers) {
        return new LocalStudy(
                plan,
                new LocalStudy.Settings(
                        folder,
                        workers,
                        1,
                        4L << 30,
                        "127.0.0.1",
                        0,
                        new JournalSettings.Embedded(),
                        CoordinatorSettings.NetworkProfile.LAN,
                        null,
                        null,
                        List.of(),
                        LogFormat.TEXT,
                        true));
    }
}
