package org.isofleet.coordinator.plan;

import java.util.List;
import java.util.Locale;
import org.isofleet.metrics.live.Notation;
import org.isofleet.protocol.study.CanonicalText;
import org.isofleet.protocol.study.TuningGrid;

/**
 * A tuning as it is written: what was asked, everything that was trained, the rule that came of it and how the rule did at a size that
 * it was not made from. Its content hash is what studies cite.
 *
 * @param study name of the study that was tuned
 * @param made how: command, engine, machine
 * @param images location and digest of the images
 * @param grid what was trained
 * @param points all cells of the grid
 * @param fit optima and rule
 * @param check of the rule
 */
public record Tuning(
        String study,
        String made,
        String images,
        TuningGrid grid,
        List<TuningPoint> points,
        TuningFit fit,
        TuningCheck check) {
    public Tuning {
        points = List.copyOf(points);
    }

    /** SHA-256 over the canonical text of everything above. */
    public String sha256() {
        return CanonicalText.sha256(this);
    }

    /** The rule as a study uses it, named by this tuning. */
    public TuningRule rule() {
        TuningRule rule = fit.rule();
        double least = grid.sizes().isEmpty()
                ? 0
                : points.stream().mapToDouble(TuningPoint::params).min().orElse(0);
        double most = points.stream().mapToDouble(TuningPoint::params).max().orElse(0);
        String source = String.format(
                Locale.ROOT,
                "tuning %s of %s, made at N %.0f to %.0f and %s FLOPs",
                sha256().substring(0, 16),
                study,
                least,
                most,
                Notation.flops(grid.budget().flops()));
        return new TuningRule(rule.coefficient(), rule.paramsExponent(), rule.batchExponent(), rule.beta2(), source);
    }
}
