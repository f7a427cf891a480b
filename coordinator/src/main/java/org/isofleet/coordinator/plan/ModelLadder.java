package org.isofleet.coordinator.plan;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.isofleet.protocol.study.ImageSelection;
import org.isofleet.protocol.study.ModelChoice;
import org.isofleet.protocol.study.ModelSize;

/** Resolves a study's choice of models to sizes, the smallest N first. */
final class ModelLadder {
    private final ImageSelection images;

    ModelLadder(ImageSelection images) {
        this.images = images;
    }

    List<ModelSize> sizes(ModelChoice choice) {
        if (choice instanceof ModelChoice.Sizes named) {
            return sorted(named.sizes());
        }
        return fill((ModelChoice.Range) choice);
    }

    /** For each of {@code count} points evenly apart in log N, the nearest size of the family that lies in the range. */
    private List<ModelSize> fill(ModelChoice.Range range) {
        List<ModelSize> within = ModelFamily.sizes().stream()
                .filter(size -> params(size) >= range.fromParams() && params(size) <= range.toParams())
                .toList();
        require(
                !within.isEmpty(),
                "models: the family has no size from %.0f to %.0f parameters; it spans %.0f to %.0f at %d channels of %d levels",
                range.fromParams(),
                range.toParams(),
                params(ModelFamily.sizes().get(0)),
                params(ModelFamily.sizes().get(ModelFamily.sizes().size() - 1)),
                images.channels(),
                images.levels());
        Set<ModelSize> chosen = new LinkedHashSet<>();
        for (int i = 0; i < range.count(); i++) {
            double share = range.count() == 1 ? 0.5 : (double) i / (range.count() - 1);
            double target = range.fromParams() * StrictMath.pow(range.toParams() / range.fromParams(), share);
            chosen.add(within.stream()
                    .min(Comparator.comparingDouble(size -> Math.abs(StrictMath.log(params(size) / target))))
                    .orElseThrow());
        }
        return sorted(List.copyOf(chosen));
    }

    private List<ModelSize> sorted(List<ModelSize> sizes) {
        return sizes.stream().sorted(Comparator.comparingDouble(this::params)).toList();
    }

    /** N does not depend on the resolution. */
    private double params(ModelSize size) {
        return (double) size.shape(images, images.resolutions().get(0)).params();
    }
}
