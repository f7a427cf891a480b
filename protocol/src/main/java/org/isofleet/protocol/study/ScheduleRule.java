package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requireWithin;

/**
 * What {@link ScheduleSpec} every cell gets. Warm-up grows with the model, as Porian 2024 (arXiv 2406.19146) found necessary for
 * small ones: {@code warmupTokensPerParam} tokens for each weight of N, at least {@code warmupMinSteps}, at most
 * {@code warmupMaxFraction} of the run.
 */
public record ScheduleRule(
        ScheduleSpec.Shape shape,
        double decayFraction,
        double finalFraction,
        double warmupTokensPerParam,
        long warmupMinSteps,
        double warmupMaxFraction) {
    public ScheduleRule {
        requireWithin(decayFraction, 0, 1, "decay-fraction");
        requireWithin(finalFraction, 0, 1, "final-fraction");
        require(
                warmupTokensPerParam >= 0 && Double.isFinite(warmupTokensPerParam),
                "warm-up.tokens-per-param must not be negative, as %s is",
                warmupTokensPerParam);
        require(warmupMinSteps >= 0, "warm-up.min-steps must not be negative, as %d is", warmupMinSteps);
        require(
                warmupMaxFraction >= 0 && warmupMaxFraction < 1,
                "warm-up.max-fraction must lie in [0, 1), not %s",
                warmupMaxFraction);
    }

    /**
     * The schedule of a run.
     *
     * @param params N
     * @param steps of the run
     * @param tokensPerStep images of a step times pixels of an image
     */
    public ScheduleSpec schedule(double params, long steps, long tokensPerStep) {
        long bySize = Math.round(warmupTokensPerParam * params / tokensPerStep);
        long most = (long) (warmupMaxFraction * steps);
        return new ScheduleSpec(
                shape,
                Math.min(most, Math.max(warmupMinSteps, bySize)),
                shape == ScheduleSpec.Shape.COSINE ? 1.0 : decayFraction,
                finalFraction);
    }
}
