package org.isofleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.train.BigramEngine;
import org.junit.jupiter.api.Test;

class GradientDigestTest {
    private static final ModelShape SHAPE = ModelShape.of(4, 3, 16, 1, 32, 2);
    private static final ModelShape WIDER = ModelShape.of(4, 3, 16, 1, 48, 2);

    @Test
    void sameKernels_giveTheSameDigest_whateverTheParametersWere() {
        try (PixelEngine engine = Dl4jEngine.factory().create(SHAPE, 1, 2)) {
            String digest = GradientDigest.of(engine, 2);
            engine.parameters().clear();
            engine.parametersChanged();
            assertThat(GradientDigest.of(engine, 2)).isEqualTo(digest).matches("[0-9a-f]{12}");
            assertThat(GradientDigest.of(engine, 1)).isNotEqualTo(digest);
        }
    }

    @Test
    void kernelThatRoundsOtherwiseAtOneShape_givesAnotherDigestThereOnly() {
        assertThat(digest(new BigramEngine(SHAPE, 1))).isEqualTo(digest(roundingOtherwise(new BigramEngine(SHAPE, 1))));
        assertThat(digest(new BigramEngine(WIDER, 1)))
                .isNotEqualTo(digest(roundingOtherwise(new BigramEngine(WIDER, 1))));
    }

    private static String digest(PixelEngine engine) {
        try (engine) {
            return GradientDigest.of(engine, 2);
        }
    }

    /** The last bit of one element differs where the model is wide, as if another loop had summed it. */
    private static PixelEngine roundingOtherwise(PixelEngine engine) {
        return (PixelEngine) Proxy.newProxyInstance(
                PixelEngine.class.getClassLoader(), new Class<?>[] {PixelEngine.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(engine, arguments);
                    if (method.getName().equals("gradient") && engine.shape().width() > 32) {
                        FlatVector gradient = (FlatVector) arguments[2];
                        gradient.set(0, Math.nextUp(gradient.get(0)));
                    }
                    return result;
                });
    }
}
