package org.isofleet.metrics.probe;

import java.util.List;
import org.isofleet.metrics.optimize.Lbfgs;

/**
 * How a linear probe is fitted, and by which accuracy it is chosen and told.
 *
 * @param standardised whether features are shifted and scaled to mean 0 and variance 1 over the training samples
 * @param balanced whether classes have equal weight, in the fit and in accuracies; else samples have
 * @param penalties on squared weights that are tried, the strongest first
 * @param search what minimises the objective, for each of them
 */
public record ProbeRule(boolean standardised, boolean balanced, List<Double> penalties, Lbfgs search) {
    /** Ours: cheap, fair to rare classes, the same for features of any scale. */
    public static final ProbeRule FAST =
            new ProbeRule(true, true, List.of(1e-1, 1e-2, 1e-3, 1e-4), new Lbfgs(10, 40, 1e-6, 1e-5));

    /**
     * Logistic regression by L-BFGS on features as they are, every sample of equal weight, as iGPT has it for CIFAR and STL (Chen et al. 2020,
     * after scikit-learn's). The penalties are ours: the paper names none.
     */
    public static final ProbeRule IGPT =
            new ProbeRule(false, false, List.of(1e-2, 1e-3, 1e-4, 1e-5, 1e-6), new Lbfgs(10, 1000, 1e-5, 0));

    public ProbeRule {
        penalties = List.copyOf(penalties);
    }

    /** The accuracy of predictions by this rule. */
    public double accuracy(int[] predicted, int[] labels, int classes) {
        return balanced ? Accuracy.balanced(predicted, labels, classes) : Accuracy.plain(predicted, labels);
    }

    /** The share of samples, as this rule counts them, whose class is among the first {@code most} of a ranking. */
    public double accuracy(int[][] ranked, int[] labels, int classes, int most) {
        boolean[] right = Accuracy.within(ranked, labels, most);
        return balanced ? Accuracy.balanced(right, labels, classes) : Accuracy.plain(right);
    }
}
