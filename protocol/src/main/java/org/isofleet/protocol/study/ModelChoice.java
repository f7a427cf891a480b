package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

import java.util.List;

/** Which models a study trains at every budget. */
public sealed interface ModelChoice {
    /** Named sizes. */
    record Sizes(List<ModelSize> sizes) implements ModelChoice {
        public Sizes {
            sizes = List.copyOf(sizes);
            require(!sizes.isEmpty(), "models must name at least one size, as [\"2x32\"]");
            require(sizes.stream().distinct().count() == sizes.size(), "each model size may be named once: %s", sizes);
        }
    }

    /**
     * Sizes of the model family, spread evenly over log N.
     *
     * @param fromParams N of the smallest
     * @param toParams N of the largest
     * @param count how many; fewer when the family has fewer between the two
     */
    record Range(double fromParams, double toParams, int count) implements ModelChoice {
        public Range {
            requirePositive(fromParams, "models.from");
            require(toParams >= fromParams, "models.to (%s) must not be below models.from (%s)", toParams, fromParams);
            require(count >= 1, "models.count must be at least 1, not %d", count);
        }
    }
}
