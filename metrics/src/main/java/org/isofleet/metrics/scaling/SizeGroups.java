package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The points by size of model. Where the budgets share their sizes a size is an N; where every budget has sizes of its own it is a place among
 * them, the smallest first.
 */
final class SizeGroups {
    private SizeGroups() {}

    /** The points without one size, for each size in turn. */
    static List<List<Observation>> withoutOne(List<Observation> points) {
        Map<Observation, Double> size = sizes(points);
        List<List<Observation>> rests = new ArrayList<>();
        for (double left : new TreeSet<>(size.values())) {
            rests.add(points.stream()
                    .filter(point -> size.getOrDefault(point, Double.NaN) != left)
                    .toList());
        }
        return rests;
    }

    private static Map<Observation, Double> sizes(List<Observation> points) {
        Map<Double, TreeSet<Double>> byBudget = points.stream()
                .collect(Collectors.groupingBy(
                        Observation::budgetFlops,
                        TreeMap::new,
                        Collectors.mapping(Observation::params, Collectors.toCollection(TreeSet::new))));
        long cells = byBudget.values().stream().mapToLong(TreeSet::size).sum();
        boolean shared = points.stream().map(Observation::params).distinct().count() < cells;
        return points.stream()
                .distinct()
                .collect(Collectors.toMap(
                        point -> point,
                        point -> shared
                                ? point.params()
                                : (double) byBudget.getOrDefault(point.budgetFlops(), new TreeSet<>())
                                        .headSet(point.params())
                                        .size()));
    }
}
