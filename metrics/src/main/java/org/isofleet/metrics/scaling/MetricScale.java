package org.isofleet.metrics.scaling;

import java.util.List;

/**
 * The scale on which optima are sought; small is good on it. Positive metrics that are minimised are taken in logarithms, where
 * noise is even and profiles are closer to parabolas; the others as they are.
 */
enum MetricScale {
    LOG {
        @Override
        double to(double metric) {
            return Math.log(metric);
        }

        @Override
        double from(double scaled) {
            return Math.exp(scaled);
        }
    },
    PLAIN {
        @Override
        double to(double metric) {
            return metric;
        }

        @Override
        double from(double scaled) {
            return scaled;
        }
    },
    NEGATED {
        @Override
        double to(double metric) {
            return -metric;
        }

        @Override
        double from(double scaled) {
            return -scaled;
        }
    };

    abstract double to(double metric);

    abstract double from(double scaled);

    static MetricScale of(MetricDirection direction, List<Observation> points) {
        if (direction == MetricDirection.MAXIMISE) {
            return NEGATED;
        }
        return points.stream().allMatch(point -> point.metric() > 0) ? LOG : PLAIN;
    }

    /** What a noise figure on this scale is. */
    String noiseUnit() {
        return this == LOG ? "relative noise" : "noise";
    }
}
