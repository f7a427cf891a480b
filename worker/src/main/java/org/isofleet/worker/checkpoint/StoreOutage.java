package org.isofleet.worker.checkpoint;

import java.util.concurrent.TimeUnit;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of a store that takes no checkpoints once when that begins and once when it is over, however many tries lie between. */
final class StoreOutage {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOutage.class);

    private long sinceNanos;
    private int tries;

    void failed(RunId runId, long step, Throwable why) {
        if (tries++ == 0) {
            sinceNanos = System.nanoTime();
            LOG.warn(
                    "{}: the checkpoint of step {} could not be written: {}; training goes on, and checkpoints are"
                            + " tried again until the store takes them",
                    runId,
                    step,
                    why.toString());
        } else {
            LOG.debug("{}: step {} could not be written either: {}", runId, step, why.toString());
        }
    }

    void over(RunId runId, long step) {
        if (tries > 0) {
            LOG.info(
                    "{}: the checkpoint of step {} is stored, {} s and {} tries after the first that could not be written",
                    runId,
                    step,
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos),
                    tries);
        }
        tries = 0;
    }
}
