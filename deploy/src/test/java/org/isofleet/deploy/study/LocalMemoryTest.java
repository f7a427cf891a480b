package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMemoryTest {
    private static final String STUDY = """
            name = wide
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [2e15]
            models = ["8x512"]
            batch = 32
            virtual-shards = 32
            limits { min-tokens-per-param = 0.1, max-epochs = 1e6 }
            """;

    @TempDir
    Path temp;

    private StudyPlan plan;

    @BeforeEach
    void plan() throws IOException {
        StudySource source = StudySource.open(
                Files.writeString(temp.resolve("wide.conf"), STUDY).toString());
        plan = StudyPlans.plan(source, (location, resolution) -> new ImageSetRef(location, "0".repeat(64), 3000));
    }

    @Test
    void threads_countAsTheyComputeSideBySide() {
        long ofOne = plan.runs().get(0).peakMemoryBytes();
        LocalMemory machine = new LocalMemory(16L << 30);
        assertThatCode(() -> machine.requireFor(plan, 1, 1, ofOne)).doesNotThrowAnyException();
        assertThatThrownBy(() -> machine.requireFor(plan, 1, 8, ofOne))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("--memory")
                .hasMessageContaining("8x512 at 16 pixels");
    }

    @Test
    void cellsTrainedTogether_haveToFitTogether() {
        RunSpec spec = plan.runs().get(0).spec();
        long ofOne = MemoryEstimate.trainingBytes(spec.shape(), 1, spec.virtualShards());
        LocalMemory machine = new LocalMemory(3 * ofOne);
        assertThatCode(() -> machine.requireTogether(List.of(spec), 3)).doesNotThrowAnyException();
        assertThatThrownBy(() -> machine.requireTogether(List.of(spec), 4))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("give --threads 3");
    }
}
