package org.isofleet.coordinator.plan;

import java.util.stream.Collectors;

/** An error of a study file whose line already names its place; so that sections around it do not name theirs too. */
final class PlacedError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param line what a key or value with line breaks in it may have cut */
    PlacedError(String line) {
        super(line.lines().map(String::strip).collect(Collectors.joining(" ")));
    }
}
