package org.isofleet.protocol.group;

/**
 * One worker of a group.
 *
 * @param workerId name of the worker's slot, kept over restarts
 * @param incarnation number of the process, larger for each start
 * @param bulk where its peers reach it
 */
public record Member(String workerId, long incarnation, BulkAddress bulk) {}
