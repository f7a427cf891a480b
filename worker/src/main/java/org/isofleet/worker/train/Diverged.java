package org.isofleet.worker.train;

/** The loss or the gradient of a run is no number any more. */
final class Diverged extends TrainingFailure {
    private static final long serialVersionUID = 1L;

    Diverged(String message) {
        super(message);
    }
}
