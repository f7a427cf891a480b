package org.isofleet.worker.checkpoint;

import java.util.Random;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.train.SmallRuns;

/** States of a small run that follow from the step, so that two of a step have the same bytes. */
final class Snapshots {
    static final RunSpec SPEC = SmallRuns.spec(100, 8);
    static final int LENGTH = (int) ParameterLayout.of(SmallRuns.SHAPE).length();

    private Snapshots() {}

    static Snapshot of(long step) {
        return new Snapshot(
                SPEC,
                2,
                step,
                new SampleLedger(16 * step, -step),
                step,
                random(step),
                random(step + 1000),
                random(step + 2000));
    }

    private static FlatVector random(long seed) {
        Random random = new Random(seed);
        FlatVector vector = FlatVector.zeros(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            vector.set(i, (float) random.nextGaussian());
        }
        return vector;
    }
}
