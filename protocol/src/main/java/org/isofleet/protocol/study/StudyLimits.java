package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

/**
 * Which cells of a grid make sense.
 *
 * @param minSteps fewest optimizer steps of a run that is trained at all
 * @param fitMinSteps fewest optimizer steps of a run that the scaling laws rest on
 * @param maxEpochs most passes over the training images
 * @param minTokensPerParam least D / N of a cell; 0 for any
 * @param maxTokensPerParam most D / N of a cell; infinite for any
 * @param trainUnfitted whether cells that no fit will use are trained all the same
 * @param fitHeadDominated whether fits use cells whose head is more than half of N
 * @param memoryBytes most memory of a worker
 */
public record StudyLimits(
        long minSteps,
        long fitMinSteps,
        double maxEpochs,
        double minTokensPerParam,
        double maxTokensPerParam,
        boolean trainUnfitted,
        boolean fitHeadDominated,
        long memoryBytes) {
    public StudyLimits {
        require(minSteps >= 1, "min-steps must be at least 1, not %d", minSteps);
        require(fitMinSteps >= minSteps, "fit-min-steps (%d) must not be below min-steps (%d)", fitMinSteps, minSteps);
        requirePositive(maxEpochs, "max-epochs");
        require(
                minTokensPerParam >= 0 && maxTokensPerParam > minTokensPerParam,
                "max-tokens-per-param (%s) must be above min-tokens-per-param (%s)",
                maxTokensPerParam,
                minTokensPerParam);
        require(memoryBytes >= 1, "memory must be above 0");
    }
}
