package org.isofleet.worker.checkpoint;

/**
 * Proof of which images a state has seen.
 *
 * @param images how many
 * @param sum over all of them of a hash of (position, bytes), mod 2^64; see {@link org.isofleet.worker.data.BatchSource#ledger}
 */
public record SampleLedger(long images, long sum) {
    /** Of a state that has seen nothing. */
    public static final SampleLedger EMPTY = new SampleLedger(0, 0);

    /** This and what a step added. */
    public SampleLedger plus(long moreImages, long moreSum) {
        return new SampleLedger(images + moreImages, sum + moreSum);
    }
}
