package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * How metrics are measured, beside their counts.
 *
 * @param probe of the linear probe
 * @param distance of the Fréchet distance
 * @param referenceResolution side at which the distance's references are read, in 256 levels; 0 for that of the model, in its levels
 * @param referenceSha256 digest of the images at that side; empty while nobody has opened them, and when it is the model's
 * @param samplesPerPrompt completions of one test image, at least, if there are so many images; 0 for as few as the images allow
 * @param infinity whether the distance is also extrapolated to infinitely many completions
 * @param features of the distance
 */
public record EvaluationProtocol(
        ProbeProtocol probe,
        DistanceProtocol distance,
        int referenceResolution,
        String referenceSha256,
        int samplesPerPrompt,
        boolean infinity,
        FeatureRef features) {
    /** What holds where a study file says nothing else, and what held before there was a choice. */
    public static final EvaluationProtocol USUAL =
            new EvaluationProtocol(ProbeProtocol.FAST, DistanceProtocol.OWN, 0, "", 0, false, FeatureRef.EMBEDDED);

    public EvaluationProtocol {
        require(referenceResolution >= 0, "reference-resolution must be a side in pixels, or 0 for that of the model");
        require(samplesPerPrompt >= 0, "samples-per-prompt must not be negative");
        require(
                distance != DistanceProtocol.B || referenceResolution > 0,
                "distance = b measures against images at their native resolution: name its side as reference-resolution, and pack"
                        + " the images at that side too");
        require(
                distance != DistanceProtocol.A || referenceResolution == 0,
                "distance = a measures against images at the model's resolution: leave reference-resolution out, or write"
                        + " distance = b");
    }

    /** The same with what was found on opening references and features. */
    public EvaluationProtocol opened(String newReferenceSha256, FeatureRef newFeatures) {
        return new EvaluationProtocol(
                probe, distance, referenceResolution, newReferenceSha256, samplesPerPrompt, infinity, newFeatures);
    }

    /** The same wherever its files lie. */
    EvaluationProtocol wherever() {
        return opened(referenceSha256, features.wherever());
    }
}
