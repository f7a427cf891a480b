package org.isofleet.protocol.group;

/**
 * Where workers that do not see the study folder bring and fetch checkpoints. A coordinator makes a new mark at each start: a copy of the
 * folder on another machine does not have it.
 *
 * @param address of the coordinator's depot
 * @param mark name of a file in the checkpoint store; who sees it there shares the store
 */
public record Depot(BulkAddress address, String mark) {}
