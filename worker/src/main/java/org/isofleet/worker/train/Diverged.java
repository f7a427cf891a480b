package org.isofleet.worker.train;

import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.study.RunSpec;

/** The loss or the gradient of a run is no number any more, or its loss has exploded. */
final class Diverged extends TrainingFailure {
    private static final long serialVersionUID = 1L;

    /**
     * How many times the loss of guessing a step may have. Ours: a model that says nothing guesses, and one that is confidently wrong at
     * every pixel, ten times over, does not come back. It depends on the one step alone, so that a replay from any checkpoint says the same.
     */
    private static final double EXPLODED = 10;

    @SuppressWarnings("serial") // never serialized
    private final Divergence divergence;

    private Diverged(String message, Divergence divergence) {
        super(message);
        this.divergence = divergence;
    }

    /**
     * Throws when a step must not be made.
     *
     * @param step from 1
     * @param stateHash of the state that it was computed from
     * @param loss in nats a pixel
     */
    static void check(RunSpec spec, long step, long stateHash, double loss, double gradientNorm) throws Diverged {
        double guessing = spec.shape().channels() * StrictMath.log(spec.shape().levels());
        if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm) || loss > EXPLODED * guessing) {
            throw new Diverged(
                    "step %d has loss %s and gradient norm %s; a lower learning rate may mend it"
                            .formatted(step, loss, gradientNorm),
                    Divergence.of(step, stateHash, loss, gradientNorm));
        }
    }

    Divergence divergence() {
        return divergence;
    }
}
