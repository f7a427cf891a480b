package org.isofleet.worker.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.engine.Shapes;
import org.junit.jupiter.api.Test;

/** What the engine has beyond what every engine must do. */
final class TorchEngineTest {
    private static final ModelShape SHAPE = new ModelShape(16, 3, 32, 2, 64, 2, 160);

    @Test
    void kernels_nameLibraryProductsAndPrecision() {
        try (PixelEngine engine = TorchEngine.factory(Precision.FP32).create(SHAPE, 1, 1)) {
            assertThat(engine.kernels()).matches("torch-\\d+ libtorch-\\d+\\.\\d+\\.\\d+ (onednn|openblas) fp32");
        }
    }

    /** Whether the processor has such products is not ours to choose: they are rounded, or they are refused. */
    @Test
    void products_inBf16_areRoundedOrRefused() {
        float[] exact = gradient(Precision.FP32);
        float[] rounded;
        try {
            rounded = gradient(Precision.BF16);
        } catch (InvalidSpecException e) {
            assertThat(e).hasMessageContaining("AMX").hasMessageContaining("set precision = fp32");
            rounded = new float[0];
        }
        if (rounded.length > 0) {
            double difference = 0;
            double norm = 0;
            for (int i = 0; i < exact.length; i++) {
                difference += Math.pow(rounded[i] - exact[i], 2);
                norm += Math.pow(exact[i], 2);
            }
            assertThat(Math.sqrt(difference / norm)).isBetween(1e-4, 0.1);
        }
        assertThat(gradient(Precision.FP32)).isEqualTo(exact);
    }

    @Test
    void precisions_ofEnginesThatAreOpenTogether_areOne() {
        try (PixelEngine engine = TorchEngine.factory(Precision.FP32).create(SHAPE, 1, 1)) {
            assertThat(engine.lanes()).isEqualTo(1);
            assertThatThrownBy(() -> TorchEngine.requireHere(Precision.BF16))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("fp32");
        }
        TorchEngine.requireHere(Precision.FP32);
    }

    @Test
    void estimate_ofAnEngine_isNearWhatTheProcessGrowsBy() throws IOException {
        ModelShape shape = ModelShape.of(32, 3, 64, 2, 128, 4);
        int images = 6;
        try (PixelEngine engine = TorchEngine.factory(Precision.FP32).create(shape, 1, images)) {
            FlatVector gradient = FlatVector.zeros(engine.layout().length());
            engine.gradient(0, Shapes.images(shape, 1, 1), gradient);
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak begins anew
            long before = peakBytes();
            engine.gradient(0, Shapes.images(shape, images, 2), gradient);
            gradient.free();
            double grown = peakBytes() - before;
            assertThat((double) MemoryEstimate.torchEngineBytes(shape, 1, images))
                    .isBetween(0.75 * grown, 1.5 * grown);
        }
    }

    private static long peakBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private static float[] gradient(Precision precision) {
        try (PixelEngine engine = TorchEngine.factory(precision).create(SHAPE, 1, 2)) {
            Shapes.set(engine.parameters(), Shapes.parameters(SHAPE, 11));
            engine.parametersChanged();
            FlatVector gradient = FlatVector.zeros(engine.layout().length());
            engine.gradient(0, Shapes.images(SHAPE, 2, 12), gradient);
            float[] values = new float[(int) gradient.length()];
            gradient.read(0, values, 0, values.length);
            gradient.free();
            return values;
        }
    }
}
