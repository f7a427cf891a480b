package org.isofleet.worker.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.RunReport;

/**
 * Reports that no coordinator has acknowledged. They are numbered from 1, sent in order of their numbers, and repeated until they are
 * acknowledged. When more pile up than are kept, the oldest goes: a run that is served on needs the newest.
 */
final class Outbox {
    /** A report and its number. */
    record Entry(long sequence, RunReport report) {}

    private final int capacity;
    private final long repeatMillis;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private long lastSequence;
    private long lastSent;

    Outbox(int capacity, long repeatMillis) {
        this.capacity = capacity;
        this.repeatMillis = repeatMillis;
    }

    /**
     * Takes a report. One that already waits is not taken twice.
     *
     * @return whether an older report was dropped for it
     */
    boolean add(RunReport report) {
        if (waiting.stream().anyMatch(entry -> entry.report().equals(report))) {
            return false;
        }
        waiting.addLast(new Entry(++lastSequence, report));
        if (waiting.size() <= capacity) {
            return false;
        }
        waiting.removeFirst();
        return true;
    }

    /** The report with this number need not be repeated; empty when it was acknowledged before. */
    Optional<RunReport> acknowledged(long sequence) {
        Optional<RunReport> report = waiting.stream()
                .filter(entry -> entry.sequence() == sequence)
                .map(Entry::report)
                .findFirst();
        waiting.removeIf(entry -> entry.sequence() == sequence);
        return report;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The newest report, to be sent at once behind those already sent. */
    List<Entry> newest() {
        return waiting.isEmpty() ? List.of() : List.of(waiting.getLast());
    }

    /** All that wait, when it is time to repeat them. */
    List<Entry> due(long nowMillis) {
        return nowMillis - lastSent < repeatMillis ? List.of() : all(nowMillis);
    }

    /** All that wait, for a gateway that has heard none of them. */
    List<Entry> all(long nowMillis) {
        lastSent = nowMillis;
        return new ArrayList<>(waiting);
    }
}
