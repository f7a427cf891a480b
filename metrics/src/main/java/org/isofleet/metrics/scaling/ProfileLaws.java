package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Approach 2 of Hoffmann et al. 2022: the optimum of every budget from its own profile, then power laws through the optima.
 * Tokens at an optimum are read off the runs beside it, so the count of FLOPs behind the budgets does not matter.
 */
final class ProfileLaws {
    private final FitRequest request;
    private final MetricScale scale;
    private final List<IsoflopProfile> profiles;
    private final ProfileMinimum minimum;
    private final PseudoResiduals residuals;
    private final @Nullable Noise noise;

    ProfileLaws(FitRequest request) {
        this.request = request;
        scale = MetricScale.of(request.direction(), request.points());
        profiles = IsoflopProfile.of(request.points(), scale);
        minimum = ProfileMinimum.of(request.method());
        residuals = PseudoResiduals.of(profiles);
        Noise measured = Noise.measured(request, scale);
        noise = measured != null ? measured.pooled(residuals.noise(), false) : residuals.noise();
    }

    /** What minima have to stand out from. */
    private double deviation() {
        return noise == null ? 0 : noise.deviation();
    }

    Fitted fit() {
        List<Located> located = profiles.stream()
                .map(profile -> minimum.locate(profile, deviation()))
                .toList();
        List<ScalingFit.Optimum> optima = new ArrayList<>();
        for (int i = 0; i < profiles.size(); i++) {
            optima.add(optimum(profiles.get(i), located.get(i)));
        }
        Answer answer = new Answer(request, profiles, optima, labels(located));
        String tooFew = answer.tooFewOptima();
        if (tooFew != null) {
            return answer.refused(tooFew);
        }
        Optima all = new Optima(profiles, located);
        double[] metrics = all.metrics(scale);
        MetricLaws forms = MetricLaws.of(scale, metrics);
        Laws laws = all.laws(metrics, forms, request.extrapolateFlops());
        Bootstrap bootstrap = noise == null
                ? Bootstrap.none(request)
                : Bootstrap.of(request, noise, scale, (random, deviation) -> draw(random, located, forms, deviation));
        return answer.fitted(laws, all.sizes().r2(), bootstrap, null, forms);
    }

    private ScalingFit.Optimum optimum(IsoflopProfile profile, Located located) {
        if (located instanceof Located.At at) {
            return new ScalingFit.Optimum(
                    profile.budgetFlops,
                    Math.exp(at.logN()),
                    Math.exp(profile.logTokensAt(at.logN())),
                    scale.from(at.scaled()),
                    true,
                    null);
        }
        int best = profile.best();
        return new ScalingFit.Optimum(
                profile.budgetFlops,
                Math.exp(profile.logN[best]),
                Math.exp(profile.logD[best]),
                scale.from(profile.scaled[best]),
                false,
                ((Located.Nowhere) located).reason());
    }

    private List<ScalingFit.Label> labels(List<Located> located) {
        List<ScalingFit.Label> labels = new ArrayList<>(PointLabels.of(request.points(), profiles));
        labels.addAll(residuals.outliers());
        for (int i = 0; i < profiles.size(); i++) {
            if (located.get(i) instanceof Located.At && flat(profiles.get(i))) {
                String row = profiles.get(i).rows.get(profiles.get(i).best()).get(0);
                labels.add(new ScalingFit.Label(row, "weak curvature around this minimum"));
            }
        }
        return labels;
    }

    private boolean flat(IsoflopProfile profile) {
        return ParabolaMinimum.LOCAL.locate(profile, deviation()) instanceof Located.Nowhere;
    }

    /** One repeat: measured values with noise once more on top; budgets that lose their optimum are left out. */
    private @Nullable Laws draw(Random random, List<Located> located, MetricLaws forms, double deviation) {
        List<IsoflopProfile> drawn = new ArrayList<>();
        List<Located> minima = new ArrayList<>();
        for (int p = 0; p < profiles.size(); p++) {
            if (located.get(p) instanceof Located.Nowhere) {
                continue;
            }
            double[] values = profiles.get(p).scaled.clone();
            for (int i = 0; i < values.length; i++) {
                double runs = profiles.get(p).rows.get(i).size();
                values[i] += random.nextGaussian() * deviation / Math.sqrt(runs);
            }
            IsoflopProfile profile = profiles.get(p).with(values);
            drawn.add(profile);
            minima.add(minimum.locate(profile, deviation));
        }
        Optima optima = new Optima(drawn, minima);
        return optima.count() < Answer.OPTIMA_AT_LEAST
                ? null
                : optima.laws(optima.metrics(scale), forms, request.extrapolateFlops());
    }
}
