package org.isofleet.protocol.metric;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.ProbeProtocol;
import org.jspecify.annotations.Nullable;

/** A metric of a finished run, with its protocol and counts. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "metric")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EvaluationResult.HeldOutLoss.class, name = "held-out-loss"),
    @JsonSubTypes.Type(value = EvaluationResult.LinearProbe.class, name = "linear-probe"),
    @JsonSubTypes.Type(value = EvaluationResult.CompletionDistance.class, name = "completion-distance")
})
public sealed interface EvaluationResult {
    EvaluationKind kind();

    /** How it was measured, as one line that is equal only for comparable results. */
    String protocol();

    /**
     * Loss on images never trained on.
     *
     * @param natsPerPixel mean over images and pixels of the sum over channels
     * @param bitsPerDimension the same in bits a channel value
     * @param standardError of {@code natsPerPixel} over images
     * @param images number of images
     */
    record HeldOutLoss(String protocol, double natsPerPixel, double bitsPerDimension, double standardError, int images)
            implements EvaluationResult {
        @Override
        public EvaluationKind kind() {
            return EvaluationKind.HELD_OUT_LOSS;
        }
    }

    /**
     * A linear probe on every layer; the best is chosen on validation images and reported on test images.
     *
     * @param bestLayer 0 for the embedding, then the blocks in order
     * @param top1 accuracy of the best layer on the test images: balanced or plain as {@code probe} has it
     * @param top1Plain plain accuracy of the same
     * @param majority accuracy of always naming the largest class: 1 / classes when balanced
     * @param majorityPlain plain accuracy of the same, for reference
     * @param untrained accuracy of the same protocol on an untrained network of the same shape
     * @param rawPixels accuracy on the pixels themselves
     * @param layers validation accuracy of every layer, best penalty each
     * @param probe how the probes were fitted
     * @param top5 accuracy when the class may be any of the five likeliest, measured as {@code top1}; null in results of before it was
     */
    record LinearProbe(
            String protocol,
            int bestLayer,
            double top1,
            double top1Plain,
            double majority,
            double majorityPlain,
            double untrained,
            double rawPixels,
            List<LayerAccuracy> layers,
            int trainImages,
            int testImages,
            ProbeProtocol probe,
            @Nullable Double top5)
            implements EvaluationResult {
        public LinearProbe {
            layers = List.copyOf(layers);
            probe = Objects.requireNonNullElse(probe, ProbeProtocol.FAST);
        }

        @Override
        public EvaluationKind kind() {
            return EvaluationKind.LINEAR_PROBE;
        }
    }

    /** Validation accuracy of one layer at its best L2 penalty. */
    record LayerAccuracy(int layer, double validation, double penalty) {}

    /**
     * Fréchet distance between completions of top halves and real images.
     *
     * @param features name of the feature network; the embedded one is no FID
     * @param distance squared Fréchet distance of Gaussians, the FID formula
     * @param floor distance of two disjoint real sets of the same counts
     * @param samplesPng a few completions beside their originals as one PNG picture in Base64, at most 96 KiB
     * @param measuredBy the distance's protocol
     * @param featuresSha256 digest of the feature network's file; empty in results of before it was told
     * @param dimension features of an image; 0 in results of before it was told
     * @param infinity the distance extrapolated to infinitely many completions, where that was asked for
     */
    record CompletionDistance(
            String protocol,
            String features,
            double distance,
            double floor,
            int generated,
            int references,
            double temperature,
            String samplesPng,
            DistanceProtocol measuredBy,
            String featuresSha256,
            int dimension,
            @Nullable Double infinity)
            implements EvaluationResult {
        public CompletionDistance {
            measuredBy = Objects.requireNonNullElse(measuredBy, DistanceProtocol.OWN);
            featuresSha256 = Objects.requireNonNullElse(featuresSha256, "");
        }

        @Override
        public EvaluationKind kind() {
            return EvaluationKind.COMPLETIONS;
        }

        /** The same with another picture. */
        public CompletionDistance with(String otherSamplesPng) {
            return new CompletionDistance(
                    protocol,
                    features,
                    distance,
                    floor,
                    generated,
                    references,
                    temperature,
                    otherSamplesPng,
                    measuredBy,
                    featuresSha256,
                    dimension,
                    infinity);
        }

        /** Whether one of the covariances has less rank than features: it comes from too few images to have more. */
        public boolean rankDeficient() {
            return Math.min(generated, references) <= dimension;
        }
    }
}
