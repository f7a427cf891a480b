package org.isofleet.metrics.sink;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Metric families as they are gathered for a scrape; one without any value is left out. */
final class Families {
    private static final String PREFIX = "isofleet_";

    private final MetricSnapshots.Builder all = MetricSnapshots.builder();

    void gauge(String name, String help, double value) {
        gauge(name, help, List.of(value), one -> Labels.EMPTY, one -> one);
    }

    /** One value an item; an item whose value is null has none. */
    <T> void gauge(
            String name, String help, List<T> items, Function<T, Labels> labels, Function<T, @Nullable Double> value) {
        GaugeSnapshot.Builder family =
                GaugeSnapshot.builder().name(PREFIX + name).help(help);
        boolean empty = true;
        for (T item : items) {
            Double number = value.apply(item);
            if (number != null) {
                empty = false;
                family.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels.apply(item))
                        .value(number)
                        .build());
            }
        }
        if (!empty) {
            all.metricSnapshot(family.build());
        }
    }

    /** @param name without {@code _total} */
    void counter(String name, String help, double value) {
        counter(name, help, List.of(value), one -> Labels.EMPTY, one -> one);
    }

    <T> void counter(String name, String help, List<T> items, Function<T, Labels> labels, Function<T, Double> value) {
        CounterSnapshot.Builder family =
                CounterSnapshot.builder().name(PREFIX + name).help(help);
        for (T item : items) {
            family.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels.apply(item))
                    .value(value.apply(item))
                    .build());
        }
        all.metricSnapshot(family.build());
    }

    /** @param name without {@code _info} */
    <T> void info(String name, String help, List<T> items, Function<T, Labels> labels) {
        InfoSnapshot.Builder family = InfoSnapshot.builder().name(PREFIX + name).help(help);
        for (T item : items) {
            family.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(labels.apply(item))
                    .build());
        }
        if (!items.isEmpty()) {
            all.metricSnapshot(family.build());
        }
    }

    MetricSnapshots build() {
        return all.build();
    }
}
