package org.isofleet.worker.checkpoint;

import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;

/**
 * A run's state at a step, as it is written.
 *
 * @param spec the run
 * @param generation in which the step was done
 * @param step steps behind it
 * @param ledger what it has seen
 * @param stateHash 64-bit hash by which the members agreed on it
 * @param parameters in the order of the layout
 * @param first first moments
 * @param second second moments
 */
public record Snapshot(
        RunSpec spec,
        long generation,
        long step,
        SampleLedger ledger,
        long stateHash,
        FlatVector parameters,
        FlatVector first,
        FlatVector second) {
    StateDigests digests() {
        return StateDigests.of(parameters, first, second, ledger);
    }
}
