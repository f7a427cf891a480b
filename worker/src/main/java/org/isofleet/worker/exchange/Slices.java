package org.isofleet.worker.exchange;

/**
 * How a flat vector is cut between the members of a group: whole blocks of {@value #BLOCK} floats, as even as can be. Each member owns
 * one slice, adds it up for all and sends it to all.
 *
 * @param length floats of the vector
 * @param members of the group
 */
public record Slices(long length, int members) {
    /** Floats of a block. */
    public static final int BLOCK = 4096;

    /** First element of a member's slice. */
    public long start(int member) {
        long blocks = (length + BLOCK - 1) / BLOCK;
        return Math.min(length, blocks * member / members * BLOCK);
    }

    /** Number of the first block of a member's slice. */
    public int firstBlock(int member) {
        return (int) (start(member) / BLOCK);
    }

    /** Blocks of a member's slice. */
    public int blocks(int member) {
        return (int) ((end(member) - start(member) + BLOCK - 1) / BLOCK);
    }

    /** One past the last element; slices may be empty. */
    public long end(int member) {
        return start(member + 1);
    }
}
