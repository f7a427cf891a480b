package org.isofleet.coordinator.fit;

import java.util.List;
import java.util.Map;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.ModelShape;

/** How the scaling laws of one group of points are found. */
@FunctionalInterface
public interface FitFunction {
    /**
     * Fits one group.
     *
     * @param metric what the observations measure
     * @param group values that all observations share, for the answer
     * @param observations finished runs
     * @param shapes sizes of the models that the laws rest on, measured or not yet
     * @return one fit a method; what cannot be fitted is refused with its reason
     */
    List<ScalingFit> fit(
            FittedMetric metric, Map<String, String> group, List<Observation> observations, List<ModelShape> shapes);
}
