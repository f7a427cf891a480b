package org.isofleet.metrics.scaling;

import org.jspecify.annotations.Nullable;

/**
 * The law that the metric at the optimum is read off, and another beside it.
 *
 * @param beside null when there is only one
 */
record MetricLaws(MetricLaw first, @Nullable MetricLaw beside) {
    /**
     * For a loss or distance the bounded form comes first: over five times the budget a line in log C leaves the interval of every loss with a
     * floor. An accuracy follows the line, as in the paper, with the bounded form beside.
     */
    static MetricLaws of(MetricScale scale, double[] metricsAtOptima) {
        MetricLaw bounded = MetricLaw.bounded(scale, metricsAtOptima);
        return scale == MetricScale.LOG && bounded != null
                ? new MetricLaws(bounded, MetricLaw.AFFINE)
                : new MetricLaws(MetricLaw.AFFINE, bounded);
    }
}
