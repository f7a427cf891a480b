package org.isofleet.coordinator.plan;

/** An error of a study file whose line already names its place; so that sections around it do not name theirs too. */
final class PlacedError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PlacedError(String line) {
        super(line);
    }
}
