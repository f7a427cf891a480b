package org.isofleet.deploy.export;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/**
 * A point of a curve of training loss.
 *
 * @param run id of the run
 * @param step last of the steps that it covers
 * @param lossNatsPerPixel mean over them
 * @param steps how many were heard of
 */
record ExportedPoint(String run, long step, double lossNatsPerPixel, int steps) {
    static List<ExportedPoint> of(StudyView view) {
        List<ExportedPoint> points = new ArrayList<>();
        for (RunView run : view.runs()) {
            run.trace()
                    .curve()
                    .points()
                    .forEach(point ->
                            points.add(new ExportedPoint(run.id().value(), point.step(), point.loss(), point.steps())));
        }
        return points;
    }
}
