package org.isofleet.coordinator.run;

/** Two workers, whichever of them speaks of the other. */
public record WorkerPair(String first, String second) {
    static WorkerPair of(String one, String other) {
        return one.compareTo(other) <= 0 ? new WorkerPair(one, other) : new WorkerPair(other, one);
    }
}
