package org.isofleet.coordinator.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.ModelShape;

/** For the loss the surface L(N, D) first; for every metric the optima of its profiles by local parabola and Akima spline. */
public final class StandardFits implements FitFunction {
    @Override
    public List<ScalingFit> fit(
            FittedMetric metric, Map<String, String> group, List<Observation> observations, List<ModelShape> shapes) {
        List<FitMethod> methods = new ArrayList<>();
        if (metric == FittedMetric.LOSS) {
            methods.add(FitMethod.VPNLS); // the first is the one that is shown; the others stand beside it
        }
        methods.addAll(List.of(FitMethod.LOCAL_PARABOLA, FitMethod.AKIMA));
        return methods.stream()
                .map(method -> Fits.fit(FitRequest.of(observations, method, metric.direction())
                        .withGroup(group)
                        .withShapes(shapes)))
                .toList();
    }
}
