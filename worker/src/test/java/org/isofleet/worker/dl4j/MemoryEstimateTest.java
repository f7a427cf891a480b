package org.isofleet.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.ModelShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The planner's estimate against what the engine allocates. */
final class MemoryEstimateTest {
    static Stream<ModelShape> shapes() {
        return Stream.of(
                ModelShape.of(16, 3, 32, 2, 16, 2),
                ModelShape.of(16, 3, 256, 4, 128, 4),
                ModelShape.of(32, 3, 256, 2, 64, 2),
                ModelShape.of(33, 1, 16, 3, 32, 2));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void estimate_ofAnEngine_isWithinAQuarterOfItsAllocation(ModelShape shape) {
        for (int lanes = 1; lanes <= 2; lanes++) {
            try (Dl4jEngine engine = (Dl4jEngine) Dl4jEngine.factory().create(shape, lanes, 1)) {
                assertThat((double) MemoryEstimate.engineBytes(shape, lanes))
                        .isBetween(0.75 * engine.bytes(), 1.25 * engine.bytes());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void estimate_ofAWorker_growsByOneVectorALevelOfTheTree(ModelShape shape) {
        long two = MemoryEstimate.workerBytes(shape, 1, 2);
        assertThat(MemoryEstimate.workerBytes(shape, 1, 16) - two).isEqualTo(3 * 4 * shape.allParams());
        assertThat(two).isGreaterThan(MemoryEstimate.engineBytes(shape, 1) + 7 * 4 * shape.allParams());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void estimate_ofManyLanes_hasTheSubtreeOfEach(ModelShape shape) {
        long grown = MemoryEstimate.workerBytes(shape, 16, 32) - MemoryEstimate.workerBytes(shape, 1, 32);
        long engines = MemoryEstimate.engineBytes(shape, 16) - MemoryEstimate.engineBytes(shape, 1);
        assertThat(grown - engines).isEqualTo((16 * 2 - 7) * 4 * shape.allParams());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void estimate_ofAWorker_hasWhatAFollowerIsSent_whereOneCanBe(ModelShape shape) {
        assertThat(MemoryEstimate.followerBytes(shape, 2)).isEqualTo(16 * shape.allParams());
        long process = MemoryEstimate.workerBytes(shape, 1, 1) - MemoryEstimate.trainingBytes(shape, 1, 1);
        assertThat(MemoryEstimate.workerBytes(shape, 1, 2))
                .isEqualTo(process + MemoryEstimate.trainingBytes(shape, 1, 2) + 16 * shape.allParams());
    }
}
