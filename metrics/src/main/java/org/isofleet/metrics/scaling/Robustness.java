package org.isofleet.metrics.scaling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What an interval of noise cannot tell: how far the exponent of N hangs on one size of model, and on the method.
 *
 * @param leaveOneSizeOut null when no size could be left out
 * @param methods exponents by the methods that gave one, this fit's among them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Robustness(
        @JsonProperty("leave_one_size_out") @Nullable Range leaveOneSizeOut, List<MethodExponent> methods) {
    public Robustness {
        methods = List.copyOf(methods);
    }

    /**
     * Smallest and largest exponent.
     *
     * @param fits that gave one
     * @param refused that gave none
     */
    public record Range(double low, double high, int fits, int refused) {}

    /** What another method finds. */
    public record MethodExponent(
            String method, @JsonProperty("n_exponent") double nExponent) {}

    static Robustness of(FitRequest request, Fitted fitted) {
        FitRequest plain = request.withBootstrap(0).withoutExtrapolation();
        LossSurface surface = fitted.laws() == null ? null : fitted.laws().surface();
        return new Robustness(leaveOneOut(plain, surface), methods(plain, fitted.fit()));
    }

    private static @Nullable Range leaveOneOut(FitRequest request, @Nullable LossSurface close) {
        List<Double> exponents = new ArrayList<>();
        int refused = 0;
        for (List<Observation> rest : SizeGroups.withoutOne(request.points())) {
            FitRequest without = request.withPoints(rest);
            OptionalDouble exponent = close == null ? exponent(without) : new SurfaceLaws(without).exponentNear(close);
            exponent.ifPresent(exponents::add);
            refused += exponent.isPresent() ? 0 : 1;
        }
        return exponents.isEmpty()
                ? null
                : new Range(
                        exponents.stream().mapToDouble(a -> a).min().orElseThrow(),
                        exponents.stream().mapToDouble(a -> a).max().orElseThrow(),
                        exponents.size(),
                        refused);
    }

    /** Without Huber's loss, which takes a hundred times as long as the others and finds what variable projection finds. */
    private static List<MethodExponent> methods(FitRequest request, ScalingFit fit) {
        List<MethodExponent> all = new ArrayList<>();
        for (FitMethod method : FitMethod.values()) {
            if (method.cliName().equals(fit.method()) && fit.nExponent() != null) {
                all.add(new MethodExponent(fit.method(), fit.nExponent().value()));
            } else if (method != FitMethod.HUBER) {
                exponent(request.withMethod(method))
                        .ifPresent(exponent -> all.add(new MethodExponent(method.cliName(), exponent)));
            }
        }
        return all;
    }

    private static OptionalDouble exponent(FitRequest request) {
        Interval exponent = Fits.fitted(request).fit().nExponent();
        return exponent == null ? OptionalDouble.empty() : OptionalDouble.of(exponent.value());
    }
}
