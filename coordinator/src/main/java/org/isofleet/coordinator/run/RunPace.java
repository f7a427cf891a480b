package org.isofleet.coordinator.run;

import java.time.Duration;

/**
 * How long a run waits for what.
 *
 * @param settle before a run that has never begun and was read from the journal asks for workers: those that have begun go first
 * @param gather for more workers before its first generation
 * @param resend for an answer before a command is sent again
 * @param needEvery between two needs that say the same
 * @param grace for workers to register again with a coordinator or placement that has just started
 * @param doubt before a worker that a peer has lost is taken again; longer than its heartbeats take to be missed
 * @param hung before a worker that did not report by a deadline is taken again
 * @param sick before a worker on which the run has failed is taken again although another would do; doubled each time
 * @param longest time that a worker is left alone, however often something went wrong with it
 * @param firstStep for the first step of a group
 * @param stall for another step at least, however fast they are
 * @param stallFactor usual times of a step that another may take
 * @param write for a checkpoint that is due before another member is asked to write it
 * @param lastWrite for the last checkpoint of a run, which no member could write, before the attempt fails
 * @param measure that a group must have run before its speed counts
 * @param joining that a group stands when a worker joins it
 * @param startTimeouts prepare timeouts that a member may take to load or copy its parameters
 * @param idlePerAttempt generations without a new step after which a run is parked, as a multiple of its attempts
 * @param differencesUnaudited how often members may come to different bits between two commits before every step is computed twice
 * @param differencesAtMost how often they may before the run is parked
 */
public record RunPace(
        Duration settle,
        Duration gather,
        Duration resend,
        Duration needEvery,
        Duration grace,
        Duration doubt,
        Duration hung,
        Duration sick,
        Duration longest,
        Duration firstStep,
        Duration stall,
        int stallFactor,
        Duration write,
        Duration lastWrite,
        Duration measure,
        Duration joining,
        int startTimeouts,
        int idlePerAttempt,
        int differencesUnaudited,
        int differencesAtMost) {
    /** The pace of real clusters, and of the simulated ones that test it. */
    public static final RunPace DEFAULT = new RunPace(
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            Duration.ofSeconds(8),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMinutes(30),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2),
            20,
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(6),
            Duration.ofSeconds(5),
            3,
            4,
            2,
            16);
}
