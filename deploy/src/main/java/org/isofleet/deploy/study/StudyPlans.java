package org.isofleet.deploy.study;

import java.util.Map;
import java.util.TreeMap;
import org.isofleet.coordinator.plan.Planner;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.StudySpec;

/** Plans a study on the images that are there. */
public final class StudyPlans {
    private StudyPlans() {}

    /** The plan of a study that was read. */
    public static StudyPlan plan(StudySource source, ImageCatalog catalog) {
        return Planner.plan(source.spec(), images(source.spec(), catalog), source.rule());
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
