package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

import java.util.List;
import java.util.Objects;

/**
 * The evaluation protocol of a study. Results that differ in it are never put on one curve.
 *
 * @param kinds metrics to compute on every finished run
 * @param heldOutImages test images for the loss, at most; 0 for all
 * @param probeImages training images for the probe, at most; 0 for all
 * @param completions images completed for the Fréchet distance
 * @param references real images on the other side of the distance, at most; 0 for all
 * @param temperature of sampling
 * @param seed of sampling and of the untrained network beside the probe
 * @param protocol how they are measured
 */
public record EvaluationSpec(
        List<EvaluationKind> kinds,
        int heldOutImages,
        int probeImages,
        int completions,
        int references,
        double temperature,
        long seed,
        EvaluationProtocol protocol) {
    public EvaluationSpec {
        kinds = List.copyOf(kinds);
        // Journals of before there was a choice do not have one.
        protocol = Objects.requireNonNullElse(protocol, EvaluationProtocol.USUAL);
        require(kinds.stream().distinct().count() == kinds.size(), "each kind of evaluation may be named once");
        require(heldOutImages >= 0 && probeImages >= 0 && references >= 0, "counts of images must not be negative");
        require(completions >= 2, "a Fréchet distance needs at least 2 completions, not %d", completions);
        requirePositive(temperature, "temperature");
    }

    /** A specification that measures as is usual. */
    public EvaluationSpec(
            List<EvaluationKind> kinds,
            int heldOutImages,
            int probeImages,
            int completions,
            int references,
            double temperature,
            long seed) {
        this(kinds, heldOutImages, probeImages, completions, references, temperature, seed, EvaluationProtocol.USUAL);
    }

    /** The same under another protocol. */
    public EvaluationSpec with(EvaluationProtocol other) {
        return new EvaluationSpec(kinds, heldOutImages, probeImages, completions, references, temperature, seed, other);
    }

    /**
     * What the identity of a study is taken over: all of it, wherever its files lie. The usual protocol is left out, so that studies keep the
     * identity that they had before there was a choice.
     */
    public String identity() {
        String usual = "protocol=" + CanonicalText.of(EvaluationProtocol.USUAL) + ",";
        return CanonicalText.of(with(protocol.wherever())).replace(usual, "");
    }

    /** What holds where a study file says nothing else: every metric, on all images. */
    public static EvaluationSpec defaults() {
        return new EvaluationSpec(List.of(EvaluationKind.values()), 0, 0, 512, 0, 1.0, 1);
    }
}
