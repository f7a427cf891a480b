package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Parametric bootstrap: the fit is repeated on values with fresh normal noise of the same size, and intervals lie between
 * percentiles of the repeats. How well the noise itself is known goes in too: every repeat has another deviation, see {@link
 * Noise#draw}. {@link Random} is specified bit for bit, so a seed gives the same intervals everywhere.
 */
final class Bootstrap {
    /** With fewer draws that give a fit the intervals tell of those alone. */
    private static final double LEAST_SHARE = 0.8;

    private final FitRequest request;
    private final @Nullable String noise;
    private final List<Laws> draws = new ArrayList<>();

    private Bootstrap(FitRequest request, @Nullable String noise) {
        this.request = request;
        this.noise = noise;
    }

    /** No repeats, for nothing tells the noise. */
    static Bootstrap none(FitRequest request) {
        return new Bootstrap(request, null);
    }

    /**
     * Repeats a fit.
     *
     * @param noise its size and source
     * @param again fits once more
     */
    static Bootstrap of(FitRequest request, Noise noise, MetricScale scale, Redraw again) {
        Bootstrap bootstrap = new Bootstrap(request, noise.description(scale));
        Random random = new Random(request.seed());
        for (int draw = 0; draw < request.bootstrap(); draw++) {
            Laws laws = again.fit(random, noise.draw(random));
            if (laws != null && laws.finite()) {
                bootstrap.draws.add(laws);
            }
        }
        return bootstrap;
    }

    /** Fits once more with normal noise of a deviation; null when this draw gives no fit. */
    @FunctionalInterface
    interface Redraw {
        @Nullable
        Laws fit(Random random, double deviation);
    }

    Interval around(double value, ToDoubleFunction<Laws> quantity) {
        if (draws.size() < 2) {
            return Interval.point(value);
        }
        double[] values =
                draws.stream().mapToDouble(quantity).filter(Double::isFinite).toArray();
        return values.length < 2 ? Interval.point(value) : Interval.percentile(value, values, request.level());
    }

    /** The interval of a quantity over the same of another bootstrap, draw by draw. */
    Interval ratio(double value, Bootstrap below, ToDoubleFunction<Laws> quantity) {
        int pairs = Math.min(draws.size(), below.draws.size());
        double[] values = IntStream.range(0, pairs)
                .mapToDouble(i -> quantity.applyAsDouble(draws.get(i)) / quantity.applyAsDouble(below.draws.get(i)))
                .filter(Double::isFinite)
                .toArray();
        return values.length < 2 ? Interval.point(value) : Interval.percentile(value, values, request.level());
    }

    /** Why the intervals do not hold; null when they do or none was asked for. */
    @Nullable
    String doubt() {
        if (request.bootstrap() == 0) {
            return null;
        }
        if (noise == null) {
            return "no intervals, for nothing tells the noise: no budget has four sizes, and few cells have several runs";
        }
        return draws.size() >= LEAST_SHARE * request.bootstrap()
                ? null
                : "only " + draws.size() + " of " + request.bootstrap()
                        + " draws gave a fit, and the intervals rest on those";
    }

    /** How the intervals were made; null when none was asked for. */
    @Nullable
    String description() {
        if (request.bootstrap() == 0 || noise == null) {
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
