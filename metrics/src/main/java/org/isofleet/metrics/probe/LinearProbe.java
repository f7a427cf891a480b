package org.isofleet.metrics.probe;

/**
 * A linear classifier on fixed features, fitted by L-BFGS for each penalty of its rule from the strongest to the weakest, each from the
 * solution before; the penalty with the best accuracy on validation samples is kept, the stronger of equals.
 */
public final class LinearProbe {
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
     * @throws InterruptedException when the thread was interrupted between two penalties
     */
    public static LinearProbe fit(LabelledFeatures train, LabelledFeatures validation, ProbeRule rule)
            throws InterruptedException {
        int classes = train.classes();
        Standardisation standardisation =
                rule.standardised() ? new Standardisation(train.features()) : Standardisation.none(train.dimension());
        SoftmaxRegression objective = SoftmaxRegression.of(
                standardisation.apply(train.features()), train.labels(), classes, rule.balanced(), 0);
        double[][] validationRows = standardisation.apply(validation.features());
        double[] parameters = new double[objective.parameters()];
        LinearProbe best = null;
        for (double penalty : rule.penalties()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while fitting a probe");
            }
            parameters = rule.search()
                    .minimise(objective.withPenalty(penalty), parameters)
                    .x();
            int[] predicted = SoftmaxRegression.predict(parameters, validationRows, classes);
            double accuracy = rule.accuracy(predicted, validation.labels(), classes);
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

    /** The likeliest classes of each vector, [vector][rank], as many as are asked for or as there are. */
    public int[][] ranked(float[][] features, int most) {
        return SoftmaxRegression.ranked(parameters, standardisation.apply(features), classes, most);
    }

    /** The penalty that was kept. */
    public double penalty() {
        return penalty;
    }

    /** Accuracy on the validation samples, as the rule counts it. */
    public double validationAccuracy() {
        return validation;
    }
}
