package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requireWithin;

/**
 * How the learning rate goes over the steps of a run: linear warm-up, then the shape, ending at a share of the peak.
 *
 * @param shape what follows warm-up
 * @param warmupSteps steps of the linear rise from zero
 * @param decayFraction share of all steps that a {@code WSD} schedule spends cooling down; 1 for {@code COSINE}
 * @param finalFraction rate of the last step as a share of the peak
 */
public record ScheduleSpec(Shape shape, long warmupSteps, double decayFraction, double finalFraction) {
    /** Cosine to the end (Hoffmann 2022), or constant with a linear cooldown (warm-up, stable, decay). */
    public enum Shape {
        COSINE,
        WSD
    }

    public ScheduleSpec {
        require(warmupSteps >= 0, "warm-up steps must not be negative: %d", warmupSteps);
        requireWithin(decayFraction, 0, 1, "decay fraction");
        requireWithin(finalFraction, 0, 1, "final fraction");
    }

    /** A linear warm-up, then a half cosine down to a fraction of the rate. */
    public static ScheduleSpec cosine(long warmupSteps, double finalFraction) {
        return new ScheduleSpec(Shape.COSINE, warmupSteps, 1.0, finalFraction);
    }
}
