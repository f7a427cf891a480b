package org.isofleet.worker.evaluate;

import java.io.IOException;
import org.isofleet.protocol.study.FeatureRef;
import org.jspecify.annotations.Nullable;

/** Opens feature networks; the one that was asked for last is kept, since all runs of a study ask for the same. */
final class FeatureSource {
    private final ImageFeatures embedded;
    private FeatureRef kept = FeatureRef.EMBEDDED;
    private @Nullable ImageFeatures opened;

    /** @param embedded the network that comes with the program */
    FeatureSource(ImageFeatures embedded) {
        this.embedded = embedded;
    }

    /** The network that a study was planned with, not to be closed; an earlier one must not be in use any more. */
    synchronized ImageFeatures of(FeatureRef wanted) throws IOException {
        if (wanted.embedded()) {
            return embedded;
        }
        ImageFeatures known = opened;
        if (known != null && kept.equals(wanted)) {
            return known;
        }
        if (known != null) {
            known.close();
            opened = null;
        }
        ImageFeatures found = OnnxFeatures.open(wanted);
        kept = wanted;
        opened = found;
        return found;
    }
}
