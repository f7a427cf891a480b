package org.isofleet.worker.checkpoint;

import org.isofleet.worker.engine.FlatVector;

/**
 * SHA-256 of a state's parts, 64 hexadecimal digits each.
 *
 * @param parameters of the parameters' bytes: little-endian floats in the order of the layout
 * @param moments of the first moments' bytes, then the second's
 * @param ledger of the sample ledger as text
 */
public record StateDigests(String parameters, String moments, String ledger) {
    /** Computes all three. */
    public static StateDigests of(FlatVector parameters, FlatVector first, FlatVector second, SampleLedger ledger) {
        return new StateDigests(Sha256.of(parameters), Sha256.of(first, second), of(ledger));
    }

    static String of(SampleLedger ledger) {
        return Sha256.of(ledger.images() + ":" + Long.toHexString(ledger.sum()));
    }
}
