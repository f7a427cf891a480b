package org.isofleet.deploy.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.coordinator.plan.Planner;
import org.isofleet.protocol.study.ImageSelection;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.worker.data.ColourEntropy;

/** Plans a study on the images that are there. */
public final class StudyPlans {
    private StudyPlans() {}

    /**
     * The plan of a study that was read.
     *
     * @throws InvalidSpecException with one line that names the study and the mend
     */
    public static StudyPlan plan(StudySource source, ImageCatalog catalog) {
        try {
            StudySpec spec = source.spec();
            Map<Integer, ImageSetRef> images = images(spec, catalog);
            return Planner.plan(spec.with(OpenedEvaluation.of(spec, images, catalog)), images, source.rule());
        } catch (InvalidSpecException e) {
            throw new InvalidSpecException(source.place() + ": " + e.getMessage());
        }
    }

    /** The plan of a study on the images of this machine; its choices tell the colour entropy that a model has to beat. */
    public static StudyPlan onLocalImages(StudySource source) {
        LocalImages images = new LocalImages();
        StudyPlan plan = plan(source, images);
        ImageSelection asked = source.spec().images();
        List<String> choices = new ArrayList<>(plan.choices());
        for (int resolution : asked.resolutions()) {
            ColourEntropy entropy = images.colours(asked.location(), resolution, asked.channels(), asked.levels());
            choices.add(String.format(
                    Locale.ROOT,
                    "entropy of joint colours at %dx%d: %.3f nats a pixel of the training images",
                    resolution,
                    resolution,
                    entropy.jointNatsPerPixel()));
        }
        return plan.withChoices(choices);
    }

    /** The image set of every resolution of a study. */
    static Map<Integer, ImageSetRef> images(StudySpec spec, ImageCatalog catalog) {
        Map<Integer, ImageSetRef> images = new TreeMap<>();
        for (int resolution : spec.images().resolutions()) {
            images.put(resolution, catalog.find(spec.images().location(), resolution));
        }
        return images;
    }
}
