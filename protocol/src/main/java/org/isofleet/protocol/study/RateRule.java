package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

/** Where the peak learning rate and beta2 of a study come from. */
public sealed interface RateRule {
    /**
     * {@code coefficient N^paramsExponent batch^batchExponent}; both exponents 0 for one rate everywhere.
     *
     * @param batchExponent over images of a step
     * @param beta2 decay of the second moment
     */
    record PowerLaw(double coefficient, double paramsExponent, double batchExponent, double beta2) implements RateRule {
        public PowerLaw {
            requirePositive(coefficient, "learning rate");
            require(
                    Double.isFinite(paramsExponent) && Double.isFinite(batchExponent),
                    "the exponents of a learning-rate rule must be finite");
            require(beta2 > 0 && beta2 < 1, "beta2 must lie in (0, 1), not %s", beta2);
        }
    }

    /**
     * The rule of a tuning file.
     *
     * @param file as the study names it, relative to the study file
     * @param sha256 content hash of the tuning, 64 hexadecimal digits
     */
    record Cited(String file, String sha256) implements RateRule {
        public Cited {
            require(!file.isBlank(), "tuning.file must not be empty");
            require(
                    sha256.matches("[0-9a-f]{64}"),
                    "tuning.sha256 must be the 64 hexadecimal digits that isofleet tune printed, not '%s'",
                    sha256);
        }
    }
}
