package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.protocol.study.ImageSelection;
import org.isofleet.protocol.study.ModelChoice;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.ModelSize;
import org.junit.jupiter.api.Test;

class ModelFamilyTest {
    private static final ImageSelection SMALL = new ImageSelection("embedded:noto", 3, 32, List.of(16));
    private static final ImageSelection PAPER = new ImageSelection("embedded:noto", 3, 256, List.of(32));

    @Test
    void sizes_spanAThousandTo449Million_withoutGaps() {
        List<ModelSize> sizes = ModelFamily.sizes();
        assertThat(shape(sizes.get(0), SMALL).params()).isBetween(900L, 1100L);
        ModelShape largest = shape(sizes.get(sizes.size() - 1), PAPER);
        assertThat(largest.params()).isEqualTo(446_791_680L);
        assertThat(largest.allParams() / 1e6).isBetween(448.0, 449.5);
        for (int i = 1; i < sizes.size(); i++) {
            double step = (double) shape(sizes.get(i), SMALL).params()
                    / shape(sizes.get(i - 1), SMALL).params();
            assertThat(step).as(sizes.get(i).toString()).isBetween(1.1, 1.8);
        }
    }

    @Test
    void sizes_passThroughTheShapesOfTheTrainingBenchmark() {
        assertThat(ModelFamily.sizes())
                .contains(
                        new ModelSize(2, 32, 2),
                        new ModelSize(3, 64, 2),
                        new ModelSize(4, 128, 4),
                        new ModelSize(6, 256, 4));
    }

    @Test
    void sizes_growInDepthAndWidthTogether() {
        List<ModelSize> sizes = ModelFamily.sizes();
        for (int i = 1; i < sizes.size(); i++) {
            assertThat(sizes.get(i).layers())
                    .isGreaterThanOrEqualTo(sizes.get(i - 1).layers());
            assertThat(sizes.get(i).width())
                    .isGreaterThanOrEqualTo(sizes.get(i - 1).width());
        }
    }

    @Test
    void demoRange_holdsEnoughSizes() {
        List<ModelSize> sizes = new ModelLadder(SMALL).sizes(new ModelChoice.Range(1e3, 3e4, 8));
        assertThat(sizes).hasSize(8);
    }

    private static ModelShape shape(ModelSize size, ImageSelection images) {
        return size.shape(images, images.resolutions().get(0));
    }
}
