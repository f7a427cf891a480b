package org.isofleet.protocol.group;

import org.isofleet.protocol.study.RunId;

/**
 * A checkpoint that exists on disk.
 *
 * @param runId the run
 * @param step steps behind it
 * @param digest SHA-256 of the parameters, 64 hexadecimal digits
 * @param folder name of its folder below the run's folder in the checkpoint store
 */
public record CheckpointRef(RunId runId, long step, String digest, String folder) {}
