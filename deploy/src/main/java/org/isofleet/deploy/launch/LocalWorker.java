package org.isofleet.deploy.launch;

/**
 * A worker process of this machine as it is now.
 *
 * @param id name of the slot
 * @param pid number of its process; 0 between two
 * @param alive whether it runs
 * @param starts how often this launcher started one in the slot
 */
public record LocalWorker(String id, long pid, boolean alive, int starts) {}
