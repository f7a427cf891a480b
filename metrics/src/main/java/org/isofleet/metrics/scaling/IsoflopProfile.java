package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The points of one budget by size, one entry a size: several runs of one size (seeds) are averaged on the metric's scale.
 * The arrays are never changed.
 */
final class IsoflopProfile {
    final double budgetFlops;
    final double[] logN;
    final double[] logD;
    final double[] scaled;
    /** Labels of the runs behind each size. */
    final List<List<String>> rows;

    private IsoflopProfile(double budgetFlops, double[] logN, double[] logD, double[] scaled, List<List<String>> rows) {
        this.budgetFlops = budgetFlops;
        this.logN = logN;
        this.logD = logD;
        this.scaled = scaled;
        this.rows = rows;
    }

    /** The profiles of a group of points, by rising budget. */
    static List<IsoflopProfile> of(List<Observation> points, MetricScale scale) {
        Map<Double, List<Observation>> byBudget = points.stream()
                .collect(Collectors.groupingBy(Observation::budgetFlops, TreeMap::new, Collectors.toList()));
        List<IsoflopProfile> profiles = new ArrayList<>();
        byBudget.forEach((budget, members) -> profiles.add(of(budget, members, scale)));
        return profiles;
    }

    private static IsoflopProfile of(double budget, List<Observation> members, MetricScale scale) {
        TreeMap<Double, List<Observation>> bySize =
                members.stream().collect(Collectors.groupingBy(Observation::params, TreeMap::new, Collectors.toList()));
        int sizes = bySize.size();
        double[] logN = new double[sizes];
        double[] logD = new double[sizes];
        double[] scaled = new double[sizes];
        List<List<String>> rows = new ArrayList<>();
        for (List<Observation> runs : bySize.values()) {
            int i = rows.size();
            logN[i] = Math.log(runs.get(0).params());
            logD[i] = runs.stream()
                    .mapToDouble(run -> Math.log(run.tokens()))
                    .average()
                    .orElseThrow();
            scaled[i] = runs.stream()
                    .mapToDouble(run -> scale.to(run.metric()))
                    .average()
                    .orElseThrow();
            rows.add(runs.stream().map(Observation::label).toList());
        }
        return new IsoflopProfile(budget, logN, logD, scaled, rows);
    }

    int sizes() {
        return logN.length;
    }

    /** Index of the best size. */
    int best() {
        int best = 0;
        for (int i = 1; i < scaled.length; i++) {
            if (scaled[i] < scaled[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Whether the best size is the smallest or the largest one. */
    boolean edge() {
        return best() == 0 || best() == sizes() - 1;
    }

    /** Log of the tokens at a size between the measured ones, straight between neighbours. */
    double logTokensAt(double size) {
        int right = 1;
        while (right < sizes() - 1 && logN[right] < size) {
            right++;
        }
        double share = (size - logN[right - 1]) / (logN[right] - logN[right - 1]);
        return logD[right - 1] + share * (logD[right] - logD[right - 1]);
    }

    /** The same sizes with other values. */
    IsoflopProfile with(double[] otherScaled) {
        return new IsoflopProfile(budgetFlops, logN, logD, otherScaled, rows);
    }
}
