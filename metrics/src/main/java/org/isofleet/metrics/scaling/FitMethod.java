package org.isofleet.metrics.scaling;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.InvalidSpecException;

/** How optima are found: profile by profile, or from one surface through all points. */
public enum FitMethod {
    /** Akima spline of the log metric over log N, interior minima only (Porian et al. 2024, arXiv 2406.19146). */
    AKIMA("akima"),
    /** Parabola through the sizes within a factor of 4 of the best one. */
    LOCAL_PARABOLA("local-parabola"),
    /** Parabola through all sizes of a budget (approach 2 of Hoffmann et al. 2022, arXiv 2203.15556). */
    PARABOLA("parabola"),
    /** Huber loss of log L(N, D) (approach 3 of Hoffmann et al. 2022, as corrected by Besiroglu et al. 2024, arXiv 2404.10102). */
    HUBER("huber"),
    /** L(N, D) by variable projection with non-negative coefficients. */
    VPNLS("vpnls");

    private final String name;

    FitMethod(String name) {
        this.name = name;
    }

    /** The name on command lines and in JSON. */
    public String cliName() {
        return name;
    }

    /** Whether one surface L(N, D) is fitted to all points. */
    public boolean parametric() {
        return this == HUBER || this == VPNLS;
    }

    /**
     * The method of that name.
     *
     * @throws InvalidSpecException when there is none
     */
    public static FitMethod named(String name) {
        return Arrays.stream(values())
                .filter(method -> method.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException("unknown method '" + name + "'; there are "
                        + Arrays.stream(values()).map(FitMethod::cliName).collect(Collectors.joining(", "))));
    }
}
