package org.isofleet.coordinator.journal;

/**
 * How much there is in a journal; two that hold the same are equal.
 *
 * @param lastOrdering of the newest event
 * @param sumOfNumbers of all sequence numbers
 */
public record JournalContent(long events, long lastOrdering, long sumOfNumbers, long snapshots) {
    boolean isEmpty() {
        return events == 0 && snapshots == 0;
    }
}
