package org.isofleet.metrics.sink;

import org.jspecify.annotations.Nullable;

/**
 * What is measured of the coordinator and its disk.
 *
 * @param journalBytes size of the journal's file; null when it is none of the study folder
 * @param freeBytes left on the disk of the study folder
 * @param heapBytes of the coordinator's heap in use
 */
public record NodeGauges(@Nullable Long journalBytes, long freeBytes, long heapBytes) {}
