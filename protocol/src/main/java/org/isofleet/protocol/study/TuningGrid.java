package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

import java.util.List;

/**
 * What a tuning trains: every combination of sizes, rates, batches and beta2, each at the same budget, and the size that the
 * rule is checked on.
 *
 * @param budget of every cell
 * @param sizes at least 3
 * @param learningRates at least 5, ascending
 * @param batches at least 3, in images
 * @param beta2s at least 2
 * @param checkSize a size that the rule is not made from
 * @param checkSeeds seeds of the check: single runs of small models are too noisy to judge a rule by
 * @param heldOutImages validation images for the loss, at most; 0 for all
 */
public record TuningGrid(
        Budget budget,
        List<ModelSize> sizes,
        List<Double> learningRates,
        List<Integer> batches,
        List<Double> beta2s,
        ModelSize checkSize,
        int checkSeeds,
        int heldOutImages) {
    public TuningGrid {
        sizes = List.copyOf(sizes);
        learningRates = learningRates.stream().sorted().toList();
        batches = List.copyOf(batches);
        beta2s = List.copyOf(beta2s);
        distinct(sizes, 3, "tune.sizes");
        distinct(learningRates, 5, "tune.learning-rates");
        distinct(batches, 3, "tune.batches");
        distinct(beta2s, 2, "tune.beta2");
        learningRates.forEach(rate -> requirePositive(rate, "a learning rate of tune"));
        require(batches.stream().allMatch(b -> b >= 1), "tune.batches must be at least 1 image each: %s", batches);
        require(beta2s.stream().allMatch(b -> b > 0 && b < 1), "tune.beta2 must lie in (0, 1) each: %s", beta2s);
        require(!sizes.contains(checkSize), "tune.check must be a size that tune.sizes does not hold: %s", checkSize);
        require(checkSeeds >= 2, "tune.check-seeds must be at least 2, not %d", checkSeeds);
        require(heldOutImages >= 0, "tune.held-out-images must not be negative");
    }

    private static void distinct(List<?> values, int atLeast, String key) {
        require(
                values.stream().distinct().count() == values.size() && values.size() >= atLeast,
                "%s must hold at least %d different values, not %s",
                key,
                atLeast,
                values);
    }
}
