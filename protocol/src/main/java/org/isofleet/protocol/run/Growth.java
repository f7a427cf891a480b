package org.isofleet.protocol.run;

/**
 * What further workers are worth to a run that trains, by Amdahl's law: of the time that its remaining steps would take one worker, a part
 * is divided by the number of workers and the rest is not (Amdahl, "Validity of the single processor approach", AFIPS 1967). So the
 * worker after the k-th saves {@code d / k - d / (k + 1) = d / (k (k + 1))} of the divisible time d: less the larger the group, more
 * the larger what is left of the run.
 *
 * @param most members that the run can use
 * @param divisibleSeconds time that one worker would take for what divides of the remaining steps; 0 while that is not measured
 * @param joiningSeconds how long the group stands when a worker joins it
 */
public record Growth(int most, double divisibleSeconds, double joiningSeconds) {
    /** Of a run that does not train. */
    public static final Growth NONE = new Growth(0, 0, 0);

    /** Time saved by one worker more than {@code members}, which are at least 1. */
    public double gainSeconds(int members) {
        return divisibleSeconds / (members * (members + 1.0));
    }

    /** Whether one worker more than {@code members} saves more time than its joining costs. */
    public boolean pays(int members) {
        return members >= 1 && members < most && gainSeconds(members) > joiningSeconds;
    }

    /** The same before anything was measured. */
    Growth unmeasured() {
        return new Growth(most, 0, joiningSeconds);
    }
}
