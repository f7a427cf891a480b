package org.isofleet.metrics.probe;

import java.util.List;
import org.isofleet.metrics.optimize.Lbfgs;

/**
 * A linear classifier on fixed features: standardised over the training samples, fitted by L-BFGS for each penalty from the strongest
 * to the weakest, each from the solution before; the penalty with the best balanced accuracy on validation samples is kept, the
 * stronger of equals.
 */
public final class LinearProbe {
    /** The penalties that are tried, the strongest first. */
    public static final List<Double> PENALTIES = List.of(1e-1, 1e-2, 1e-3, 1e-4);

    private final Standardisation standardisation;
    private final double[] parameters;
    private final int classes;
    private final double penalty;
    private final double validation;

    private LinearProbe(
            Standardisation standardisation, double[] parameters, int classes, double penalty, double validation) {
        this.standardisation = standardisation;
        this.parameters = parameters;
        this.classes = classes;
        this.penalty = penalty;
        this.validation = validation;
    }

    /**
     * Fits on {@code train} and chooses on {@code validation}, both of the same dimension and classes.
     *
     * @param iterations of L-BFGS at most, for each penalty
     * @throws InterruptedException when the thread was interrupted between two penalties
     */
    public static LinearProbe fit(LabelledFeatures train, LabelledFeatures validation, int iterations)
            throws InterruptedException {
        int classes = train.classes();
        Standardisation standardisation = new Standardisation(train.features());
        SoftmaxRegression objective =
                SoftmaxRegression.of(standardisation.apply(train.features()), train.labels(), classes, 0);
        double[][] validationRows = standardisation.apply(validation.features());
        Lbfgs search = new Lbfgs(10, iterations, 1e-6, 1e-5);
        double[] parameters = new double[objective.parameters()];
        LinearProbe best = null;
        for (double penalty : PENALTIES) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while fitting a probe");
            }
            parameters =
                    search.minimise(objective.withPenalty(penalty), parameters).x();
            int[] predicted = SoftmaxRegression.predict(parameters, validationRows, classes);
            double accuracy = Accuracy.balanced(predicted, validation.labels(), classes);
            if (best == null || accuracy > best.validation) {
                best = new LinearProbe(standardisation, parameters, classes, penalty, accuracy);
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /** The likeliest class of each vector. */
    public int[] predict(float[][] features) {
        return SoftmaxRegression.predict(parameters, standardisation.apply(features), classes);
    }

    /** The penalty that was kept. */
    public double penalty() {
        return penalty;
    }

    /** Balanced accuracy on the validation samples. */
    public double validationAccuracy() {
        return validation;
    }
}
