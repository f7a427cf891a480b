package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

/** How many images a step takes. */
public sealed interface BatchRule {
    /**
     * Images of a step for a model, before the planner halves it to reach its steps.
     *
     * @param params N
     * @param tokensPerImage pixels of an image
     */
    int images(double params, int tokensPerImage);

    /** The smallest batch that the planner may halve down to. */
    int minimum();

    /** The same batch for every model. */
    record Fixed(int images) implements BatchRule {
        public Fixed {
            require(images >= 1, "batch must be at least 1 image, not %d", images);
        }

        @Override
        public int images(double params, int tokensPerImage) {
            return images;
        }

        @Override
        public int minimum() {
            return images;
        }
    }

    /**
     * A power law in tokens, {@code coefficient N^exponent}, rounded to a power of two of images. Porian 2024 (arXiv
     * 2406.19146) finds 0.7576 N^0.703 tokens above about 5M parameters.
     *
     * @param minimum fewest images of a step
     * @param maximum most images of a step
     */
    record PowerLaw(double coefficient, double exponent, int minimum, int maximum) implements BatchRule {
        public PowerLaw {
            requirePositive(coefficient, "batch.tokens-coefficient");
            require(Double.isFinite(exponent), "batch.tokens-exponent must be finite");
            require(Integer.bitCount(minimum) == 1 && minimum > 0, "batch.min must be a power of two, not %d", minimum);
            require(
                    Integer.bitCount(maximum) == 1 && maximum >= minimum,
                    "batch.max must be a power of two of at least %d, not %d",
                    minimum,
                    maximum);
        }

        @Override
        public int images(double params, int tokensPerImage) {
            double images = coefficient * StrictMath.pow(params, exponent) / tokensPerImage;
            double power = StrictMath.rint(StrictMath.log(StrictMath.max(images, 1e-9)) / StrictMath.log(2));
            return (int) Math.max(minimum, Math.min(maximum, StrictMath.pow(2, Math.min(power, 30))));
        }
    }
}
