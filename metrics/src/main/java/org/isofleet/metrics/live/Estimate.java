package org.isofleet.metrics.live;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;

/**
 * The exponent of N as it was known after so many results: a point of the trajectory of an estimate.
 *
 * @param metric {@code loss}, {@code top1} or {@code fd}
 * @param group values that the fit's points share
 * @param method the first that gave a law
 * @param points that the fit had
 */
public record Estimate(
        Instant at, String metric, Map<String, String> group, String method, int points, Interval nExponent) {
    private static final Comparator<Estimate> IN_PLACE = Comparator.comparing(Estimate::metric)
            .thenComparing(estimate -> estimate.group().toString())
            .thenComparingInt(Estimate::points);

    public Estimate {
        group = Map.copyOf(group);
    }

    /** Estimates with those of an update; of several after as many points the earliest counts, for after a restart they are made again. */
    static List<Estimate> with(List<Estimate> before, FitsUpdated update) {
        List<Estimate> grown = new ArrayList<>(before);
        Set<Map<String, String>> seen = new HashSet<>();
        for (ScalingFit fit : update.fits()) {
            Interval exponent = fit.nExponent();
            if (fit.usable() && exponent != null && seen.add(fit.group())) {
                add(
                        grown,
                        new Estimate(update.at(), update.metric(), fit.group(), fit.method(), fit.points(), exponent));
            }
        }
        return List.copyOf(grown);
    }

    private static void add(List<Estimate> estimates, Estimate estimate) {
        int place = 0;
        while (place < estimates.size() && IN_PLACE.compare(estimates.get(place), estimate) < 0) {
            place++;
        }
        boolean known = place < estimates.size() && IN_PLACE.compare(estimates.get(place), estimate) == 0;
        if (!known) {
            estimates.add(place, estimate);
        } else if (estimate.at().isBefore(estimates.get(place).at())) {
            estimates.set(place, estimate);
        }
    }
}
