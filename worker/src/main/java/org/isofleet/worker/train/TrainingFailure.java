package org.isofleet.worker.train;

/** A run cannot go on; the message is one line that says why. */
class TrainingFailure extends Exception {
    private static final long serialVersionUID = 1L;

    TrainingFailure(String message) {
        super(message);
    }
}
