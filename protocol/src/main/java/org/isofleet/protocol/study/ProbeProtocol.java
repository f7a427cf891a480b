package org.isofleet.protocol.study;

/** How linear probes are fitted, and which accuracy is reported and put on curves. */
public enum ProbeProtocol {
    /** Mean-pooled residual streams, standardised; classes of equal weight, a few iterations for each of four penalties; balanced accuracy. */
    FAST,
    /**
     * As iGPT has it for small sets (Chen et al. 2020): mean-pooled normalised residual streams as they are, logistic regression by L-BFGS to
     * its end, every image of equal weight; share of all images.
     */
    IGPT
}
