package org.isofleet.worker.checkpoint;

/**
 * A digest over the digests of all scheduled checkpoints of a run so far: two runs with the same chain went the same way, not only to
 * the same end.
 *
 * @param digest 64 hexadecimal digits; zeros before the first checkpoint
 * @param step of the last checkpoint in it
 */
public record DigestChain(String digest, long step) {
    /** Before the first checkpoint. */
    public static final DigestChain EMPTY = new DigestChain("0".repeat(64), 0);

    /** The chain with one more checkpoint; one that is in it already changes nothing. */
    public DigestChain next(long newStep, StateDigests digests) {
        return newStep <= step
                ? this
                : new DigestChain(
                        Sha256.of(digest + digests.parameters() + digests.moments() + digests.ledger()), newStep);
    }
}
