package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Parametric bootstrap: the fit is repeated on values with fresh normal noise of the same size, and intervals lie between
 * percentiles of the repeats. {@link Random} is specified bit for bit, so a seed gives the same intervals everywhere.
 */
final class Bootstrap {
    private final FitRequest request;
    private final List<Laws> draws = new ArrayList<>();

    private Bootstrap(FitRequest request) {
        this.request = request;
    }

    /**
     * Repeats a fit.
     *
     * @param again fits once more with noise from that source; null when this draw gives no fit
     */
    static Bootstrap of(FitRequest request, Function<Random, @Nullable Laws> again) {
        Bootstrap bootstrap = new Bootstrap(request);
        Random random = new Random(request.seed());
        for (int draw = 0; draw < request.bootstrap(); draw++) {
            Laws laws = again.apply(random);
            if (laws != null && laws.finite()) {
                bootstrap.draws.add(laws);
            }
        }
        return bootstrap;
    }

    Interval around(double value, ToDoubleFunction<Laws> quantity) {
        if (draws.isEmpty()) {
            return Interval.point(value);
        }
        double[] values = draws.stream().mapToDouble(quantity).toArray();
        return Interval.percentile(value, values, request.level());
    }

    /** How the intervals were made; null when none was asked for. */
    @Nullable
    String description(String noise) {
        if (request.bootstrap() == 0) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "parametric bootstrap, %d draws of which %d gave a fit, seed %d, %s",
                request.bootstrap(),
                draws.size(),
                request.seed(),
                noise);
    }
}
