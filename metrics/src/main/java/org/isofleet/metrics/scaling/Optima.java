package org.isofleet.metrics.scaling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The interior optima of profiles and the laws through them, in logarithms. */
final class Optima {
    private final double[] logC;
    private final double[] logN;
    private final double[] logD;
    private final double[] scaled;

    /** Takes the profiles that have a minimum. */
    Optima(List<IsoflopProfile> profiles, List<Located> located) {
        int count = (int) located.stream().filter(Located.At.class::isInstance).count();
        logC = new double[count];
        logN = new double[count];
        logD = new double[count];
        scaled = new double[count];
        int i = 0;
        for (int p = 0; p < profiles.size(); p++) {
            if (located.get(p) instanceof Located.At at) {
                logC[i] = Math.log(profiles.get(p).budgetFlops);
                logN[i] = at.logN();
                logD[i] = profiles.get(p).logTokensAt(at.logN());
                scaled[i] = at.scaled();
                i++;
            }
        }
    }

    int count() {
        return logC.length;
    }

    PowerLaw sizes() {
        return PowerLaw.through(logC, logN);
    }

    /**
     * The laws for N and D; the metric at {@code budget} follows a line in log C, as the paper's projections do, which is unbounded.
     */
    Laws laws(MetricScale scale, @Nullable Double budget) {
        PowerLaw n = sizes();
        PowerLaw d = PowerLaw.through(logC, logD);
        double metric = Double.NaN;
        if (budget != null) {
            double[] metrics = new double[scaled.length];
            for (int i = 0; i < metrics.length; i++) {
                metrics[i] = scale.from(scaled[i]);
            }
            metric = PowerLaw.through(logC, metrics).logAt(Math.log(budget)); // linear in the metric itself
        }
        return new Laws(n.exponent(), n.logCoefficient(), d.exponent(), d.logCoefficient(), metric, null);
    }
}
