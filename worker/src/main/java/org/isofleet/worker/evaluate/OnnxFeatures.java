package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import org.isofleet.protocol.study.FeatureRef;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.onnx.FeatureCard;
import org.isofleet.worker.onnx.OnnxNetwork;

/** The features of a user's network. */
final class OnnxFeatures implements ImageFeatures {
    private final OnnxNetwork network;

    private OnnxFeatures(OnnxNetwork network) {
        this.network = network;
    }

    /**
     * Opens the network that a study was planned with.
     *
     * @throws IOException when it is not to be had, or another one; one line with the file and the mend
     */
    static OnnxFeatures open(FeatureRef wanted) throws IOException {
        OnnxNetwork network = OnnxNetwork.open(FeatureCard.read(Path.of(wanted.card())));
        FeatureRef found = network.reference();
        boolean asPlanned =
                found.sha256().equals(wanted.sha256()) && found.treatment().equals(wanted.treatment());
        if (!asPlanned) {
            network.close();
            throw new IOException("the features of " + wanted.card() + " are not those that were planned with: SHA-256 "
                    + found.sha256() + ", " + found.treatment() + ", not " + wanted.sha256() + ", " + wanted.treatment()
                    + "; put the old ones back or plan again");
        }
        return new OnnxFeatures(network);
    }

    @Override
    public String name() {
        return network.name();
    }

    @Override
    public String sha256() {
        return network.sha256();
    }

    @Override
    public int dimension() {
        return network.dimension();
    }

    @Override
    public float[][] features(PixelBatch images, int levels) throws IOException {
        int resolution = (int) Math.round(Math.sqrt(images.tokens()));
        return network.features(images.values(), images.channels(), resolution, levels, images.images());
    }

    @Override
    public void close() {
        network.close();
    }
}
