package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.FeatureRef;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.worker.onnx.FeatureCard;
import org.isofleet.worker.onnx.OnnxNetwork;

/**
 * What a study measures with, opened before anything is trained: the feature network and the references of a Fréchet distance. Their digests go
 * into the study, so that every worker measures with the same.
 */
final class OpenedEvaluation {
    private OpenedEvaluation() {}

    /**
     * The evaluation of a study with digests.
     *
     * @param images the image set of every resolution of the study
     * @throws InvalidSpecException when something is not to be had; one line with the key, the file and the mend
     */
    static EvaluationSpec of(StudySpec study, Map<Integer, ImageSetRef> images, ImageCatalog catalog) {
        EvaluationSpec evaluation = study.evaluation();
        EvaluationProtocol protocol = evaluation.protocol();
        if (!evaluation.kinds().contains(EvaluationKind.COMPLETIONS)) {
            return evaluation;
        }
        String sha256 = "";
        if (protocol.referenceResolution() > 0) {
            try {
                sha256 = catalog.find(study.images().location(), protocol.referenceResolution())
                        .sha256();
            } catch (InvalidSpecException e) {
                throw new InvalidSpecException("evaluation.reference-resolution: " + e.getMessage());
            }
        }
        images.values().forEach(set -> requireEnough(evaluation, set));
        return evaluation.with(protocol.opened(sha256, opened(protocol.features())));
    }

    private static void requireEnough(EvaluationSpec evaluation, ImageSetRef set) {
        DistanceProtocol distance = evaluation.protocol().distance();
        if (distance != DistanceProtocol.OWN && evaluation.references() > set.trainImages()) {
            throw new InvalidSpecException("evaluation.references: protocol " + distance + " wants "
                    + evaluation.references() + " references, and the training split of " + set.location() + " has "
                    + set.trainImages() + "; write references = " + set.trainImages()
                    + ", and results say that the counts are their own");
        }
    }

    private static FeatureRef opened(FeatureRef features) {
        if (features.embedded()) {
            return features;
        }
        try (OnnxNetwork network = OnnxNetwork.open(FeatureCard.read(Path.of(features.card())))) {
            return network.reference();
        } catch (InvalidPathException e) {
            throw new InvalidSpecException("evaluation.features: '" + features.card() + "' is no path of a card");
        } catch (IOException e) {
            throw new InvalidSpecException("evaluation.features: " + e.getMessage());
        }
    }
}
