package org.isofleet.worker.train;

import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;

/**
 * The learning rate of each step: a linear rise over the warm-up, then a cosine to the end (Hoffmann et al. 2022, arXiv 2203.15556) or a
 * constant followed by a linear cooldown (WSD). The last step has exactly the final share of the peak. In {@code StrictMath}, because the
 * rate is part of a run's bits.
 */
public final class LearningRate {
    private final ScheduleSpec schedule;
    private final long steps;
    private final double peak;

    public LearningRate(RunSpec spec) {
        this(spec.schedule(), spec.steps(), spec.optimizer().learningRate());
    }

    LearningRate(ScheduleSpec schedule, long steps, double peak) {
        this.schedule = schedule;
        this.steps = steps;
        this.peak = peak;
    }

    /**
     * The rate of a step.
     *
     * @param step from 1 to the run's steps
     */
    public double at(long step) {
        if (step <= schedule.warmupSteps()) {
            return peak * step / schedule.warmupSteps();
        }
        return peak
                * switch (schedule.shape()) {
                    case COSINE -> cosine(progress(step, schedule.warmupSteps()));
                    case WSD -> linear(progress(step, cooldownStart()));
                };
    }

    private long cooldownStart() {
        long cooldown = Math.round(schedule.decayFraction() * steps);
        return Math.max(schedule.warmupSteps(), steps - cooldown);
    }

    /** Share of the way from {@code start} to the last step. */
    private double progress(long step, long start) {
        return step <= start ? 0 : (double) (step - start) / (steps - start);
    }

    private double cosine(double progress) {
        double end = schedule.finalFraction();
        return end + (1 - end) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * progress));
    }

    private double linear(double progress) {
        return 1 - (1 - schedule.finalFraction()) * progress;
    }
}
