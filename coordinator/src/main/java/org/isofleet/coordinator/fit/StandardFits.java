package org.isofleet.coordinator.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;

/** Optima of the profiles by local parabola and Akima spline for every metric, and for the loss the surface L(N, D) too. */
public final class StandardFits implements FitFunction {
    @Override
    public List<ScalingFit> fit(FittedMetric metric, Map<String, String> group, List<Observation> observations) {
        List<FitMethod> methods = new ArrayList<>(List.of(FitMethod.LOCAL_PARABOLA, FitMethod.AKIMA));
        if (metric == FittedMetric.LOSS) {
            methods.add(FitMethod.VPNLS);
        }
        return methods.stream()
                .map(method -> Fits.fit(
                        FitRequest.of(observations, method, metric.direction()).withGroup(group)))
                .toList();
    }
}
