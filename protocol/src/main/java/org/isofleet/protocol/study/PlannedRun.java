package org.isofleet.protocol.study;

import org.jspecify.annotations.Nullable;

/**
 * A cell of the grid that will be trained.
 *
 * @param spec the run
 * @param fitted whether the scaling laws rest on it
 * @param label why they do not, for example {@code head-dominated}; null when they do
 * @param peakMemoryBytes estimated memory of a worker of one thread that trains it
 */
public record PlannedRun(
        RunSpec spec, boolean fitted, @Nullable String label, long peakMemoryBytes) {}
