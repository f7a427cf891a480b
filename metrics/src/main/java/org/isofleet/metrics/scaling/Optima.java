package org.isofleet.metrics.scaling;

import java.util.Arrays;
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

    /** The metric at each optimum, in the user's units. */
    double[] metrics(MetricScale scale) {
        return Arrays.stream(scaled).map(scale::from).toArray();
    }

    /** The laws for N and D, and the metric at {@code budget} by one law and by another. */
    Laws laws(double[] metrics, MetricLaws forms, @Nullable Double budget) {
        PowerLaw n = sizes();
        PowerLaw d = PowerLaw.through(logC, logD);
        double first = Double.NaN;
        double beside = Double.NaN;
        if (budget != null) {
            first = forms.first().at(logC, metrics, Math.log(budget));
            MetricLaw other = forms.beside();
            beside = other == null ? Double.NaN : other.at(logC, metrics, Math.log(budget));
        }
        return new Laws(n.exponent(), n.logCoefficient(), d.exponent(), d.logCoefficient(), first, beside, null);
    }
}
