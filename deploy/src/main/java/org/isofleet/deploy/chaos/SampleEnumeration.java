package org.isofleet.deploy.chaos;

import java.io.IOException;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.data.ShardedBatches;

/** The images that the plan says a run sees, enumerated without training: what its sample ledger must come to. */
final class SampleEnumeration {
    private SampleEnumeration() {}

    /** The ledger of a whole run. A batch is taken as one shard; the sum does not depend on how it is cut. */
    static SampleLedger of(RunSpec spec, ImageSets sets) throws IOException {
        try (ImageSet images = sets.open(spec.images(), spec.shape())) {
            ShardedBatches batches = new ShardedBatches(images, spec.seed(), spec.batch(), 1);
            SampleLedger ledger = SampleLedger.EMPTY;
            for (long step = 0; step < spec.steps(); step++) {
                ledger = ledger.plus(spec.batch(), batches.ledger(step, 0));
            }
            return ledger;
        }
    }
}
