package org.isofleet.metrics.scaling;

import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.isofleet.protocol.study.ModelShape;

/**
 * The sizes of a study as a family that N runs through continuously.
 *
 * <p>Other counts of parameters are read off straight between neighbours in logarithms, so they are exact at every size, and run on beyond
 * the ends with the slope there. For attention FLOPs that would not do: widths and depths grow by steps, and an optimum would
 * stick to the corners. They follow a power law through all sizes instead.
 */
final class ModelSizes {
    private final List<ModelShape> shapes;
    private final double[] logN;

    private ModelSizes(List<ModelShape> shapes) {
        this.shapes = shapes;
        logN = logs(ModelShape::params);
    }

    /** The sizes by rising N; of several with the same N the first. */
    static ModelSizes of(List<ModelShape> shapes) {
        TreeMap<Long, ModelShape> byParams = new TreeMap<>();
        shapes.forEach(shape -> byParams.putIfAbsent(shape.params(), shape));
        return new ModelSizes(List.copyOf(byParams.values()));
    }

    /** Whether there are enough for anything to lie between. */
    boolean known() {
        return shapes.size() >= 2;
    }

    /** Log of another count of a model of N parameters. */
    double logCount(ToLongFunction<ModelShape> count, double logParams) {
        double[] logCounts = logs(count::applyAsLong);
        int right = 1;
        while (right < logN.length - 1 && logN[right] < logParams) {
            right++;
        }
        double share = (logParams - logN[right - 1]) / (logN[right] - logN[right - 1]);
        return logCounts[right - 1] + share * (logCounts[right] - logCounts[right - 1]);
    }

    /** The power law of attention FLOPs a token over N. */
    PowerLaw attention() {
        return PowerLaw.through(logN, logs(ModelSizes::attentionFlops));
    }

    /** How far the exact FLOPs of a size lie from that law at most, relative to them. */
    double largestError(PowerLaw attention) {
        return shapes.stream()
                .mapToDouble(shape ->
                        Math.abs(Math.exp(attention.logAt(Math.log((double) shape.params()))) - attentionFlops(shape))
                                / shape.exactFlopsPerToken())
                .max()
                .orElse(0);
    }

    private static double attentionFlops(ModelShape shape) {
        return shape.exactFlopsPerToken() - shape.flops6nPerToken();
    }

    private double[] logs(ToDoubleFunction<ModelShape> quantity) {
        return shapes.stream()
                .mapToDouble(shape -> Math.log(quantity.applyAsDouble(shape)))
                .toArray();
    }
}
