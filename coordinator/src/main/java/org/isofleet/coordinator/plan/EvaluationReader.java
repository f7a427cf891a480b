package org.isofleet.coordinator.plan;

import java.nio.file.Path;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.FeatureRef;
import org.isofleet.protocol.study.ProbeProtocol;
import org.jspecify.annotations.Nullable;

/** Reads how a study measures its runs. */
final class EvaluationReader {
    private EvaluationReader() {}

    /** @param file whose folder the path of a card starts from; null when the study came from none */
    static EvaluationSpec read(Section evaluation, @Nullable Path file) {
        EvaluationProtocol protocol = protocol(evaluation, file);
        return new EvaluationSpec(
                evaluation.list(
                        "kinds", (section, key, value) -> StudyReader.named(section, key, value, EvaluationKind.class)),
                evaluation.count("held-out-images"),
                evaluation.count("probe-images"),
                unlessGiven(evaluation, "completions", protocol.distance().completions()),
                unlessGiven(evaluation, "references", protocol.distance().references()),
                evaluation.number("temperature"),
                evaluation.whole("seed"),
                protocol);
    }

    /** The count that a protocol wants, unless the study has one of its own. */
    private static int unlessGiven(Section evaluation, String key, int wanted) {
        int count = evaluation.count(key);
        return wanted == 0 || evaluation.given(key) ? count : wanted;
    }

    private static EvaluationProtocol protocol(Section evaluation, @Nullable Path file) {
        String features = evaluation.text("features");
        return new EvaluationProtocol(
                StudyReader.named(evaluation, "probe", evaluation.value("probe"), ProbeProtocol.class),
                StudyReader.named(evaluation, "distance", evaluation.value("distance"), DistanceProtocol.class),
                evaluation.count("reference-resolution"),
                "",
                evaluation.count("samples-per-prompt"),
                evaluation.flag("fd-infinity"),
                features.equals(FeatureRef.EMBEDDED_CARD) || file == null
                        ? FeatureRef.unopened(features)
                        : FeatureRef.unopened(StudyReader.beside(features, file)));
    }
}
