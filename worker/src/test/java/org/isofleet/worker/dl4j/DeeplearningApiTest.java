package org.isofleet.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.ReferenceModel;
import org.isofleet.worker.engine.Shapes;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/** The layers in a network of Deeplearning4j's own. */
final class DeeplearningApiTest {
    private static final ModelShape SHAPE = new ModelShape(5, 3, 4, 2, 6, 3, 7);

    @Test
    void scoreAndGradient_ofAMultiLayerNetwork_areTheReferences() {
        MultiLayerNetwork network = network(new NoOp());
        double[] parameters = Shapes.parameters(SHAPE, 81);
        network.setParams(Nd4j.createFromArray(parameters)
                .castTo(network.params().dataType())
                .reshape(network.params().shape()));
        PixelBatch images = Shapes.images(SHAPE, 3, 82);
        ReferenceModel reference = new ReferenceModel(SHAPE, parameters);
        double[] expected = new double[parameters.length];
        double loss = 0;
        for (int i = 0; i < 3; i++) {
            loss += reference.gradient(Shapes.image(images, i), expected);
        }

        INDArray pixels = pixels(images);
        network.setInput(pixels);
        network.setLabels(pixels);
        network.computeGradientAndScore();

        assertThat(network.score()).isCloseTo(loss / 3, within(1e-4));
        INDArray gradient = network.getFlattenedGradients();
        assertThat(gradient.length()).isEqualTo(ParameterLayout.of(SHAPE).length());
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(gradient.getDouble(i) - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
        network.close();
    }

    @Test
    void fit_byDeeplearning4jsOwnUpdater_lowersTheScore() {
        Nd4j.getRandom().setSeed(5);
        MultiLayerNetwork network = network(new Adam(0.01));
        INDArray pixels = pixels(Shapes.images(SHAPE, 2, 91));
        network.fit(pixels, pixels);
        double before = network.score();
        for (int i = 0; i < 60; i++) {
            network.fit(pixels, pixels);
        }
        assertThat(network.score()).isLessThan(0.8 * before);
        assertThat(network.output(pixels).shape()).containsExactly(2, SHAPE.levels(), SHAPE.tokens());
        assertThat(network.output(pixels).sum(1).getDouble(0)).isCloseTo(1, within(1e-5));
        network.close();
    }

    private static MultiLayerNetwork network(IUpdater updater) {
        NeuralNetConfiguration.ListBuilder layers =
                new NeuralNetConfiguration.Builder().updater(updater).list();
        layers.layer(new PixelEmbedding(SHAPE));
        for (int b = 0; b < SHAPE.layers(); b++) {
            layers.layer(new DecoderBlock(SHAPE));
        }
        layers.layer(new PixelHead(SHAPE));
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private static INDArray pixels(PixelBatch images) {
        float[] values = new float[images.images() * images.channels() * images.tokens()];
        for (int i = 0; i < values.length; i++) {
            values[i] = images.values()[i];
        }
        return Nd4j.createFromArray(values).reshape('c', images.images(), images.channels(), images.tokens());
    }
}
