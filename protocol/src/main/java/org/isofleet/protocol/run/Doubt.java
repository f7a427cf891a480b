package org.isofleet.protocol.run;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * What may have wrong bits since members of a generation came to different ones: all that was trained from it in memory, until the run
 * goes back to a checkpoint.
 *
 * @param first the generation in which they differed
 * @param last the newest generation by the time it was known; a lost connection may have made another meanwhile
 * @param step first step after which the state is in doubt
 */
public record Doubt(long first, long last, long step) {
    public Doubt {
        require(1 <= first && first <= last, "generations %d to %d are no range", first, last);
        require(step >= 0, "steps count from 0");
    }

    /** Whether what a worker holds since that generation is in doubt. */
    public boolean ofMemory(long generation) {
        return generation <= last;
    }

    /** Whether a checkpoint is. */
    public boolean ofCheckpoint(long generation, long stepOfIt) {
        return first <= generation && generation <= last && stepOfIt >= step;
    }

    /** Both doubts as one, which never doubts less. */
    Doubt and(Doubt later) {
        return new Doubt(Math.min(first, later.first), Math.max(last, later.last), Math.min(step, later.step));
    }
}
