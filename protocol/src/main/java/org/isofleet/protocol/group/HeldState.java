package org.isofleet.protocol.group;

import org.isofleet.protocol.study.RunId;

/**
 * Parameters and optimizer state that a worker holds in memory.
 *
 * @param runId the run they belong to
 * @param generation the generation that the worker last served
 * @param step steps that they have behind them
 * @param stateHash 64-bit hash of parameters, moments and sample ledger
 */
public record HeldState(RunId runId, long generation, long step, long stateHash) {}
