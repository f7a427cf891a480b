package org.isofleet.coordinator.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.metrics.live.LogLine;
import org.isofleet.metrics.live.LossCurve;

/**
 * All that the dashboard shows, as of one moment.
 *
 * @param sequence of the last {@link BoardChanges} that are in it
 * @param curves training loss by run: pairs of step and loss, thinned the more the more runs there are
 */
record Board(
        String schema,
        long sequence,
        StudyNow study,
        List<RunCell> cells,
        List<RunNow> runs,
        List<WorkerRow> workers,
        List<ProfileRow> profiles,
        List<LogLine> log,
        Map<String, List<double[]>> curves) {
    /** Together the curves have about this many points. */
    private static final int POINTS = 40_000;

    static int curvePoints(int runs) {
        return Math.max(24, Math.min(LossCurve.MOST_POINTS, POINTS / Math.max(1, runs)));
    }

    static List<double[]> thinned(LossCurve curve, int most) {
        List<LossCurve.Point> points = curve.points();
        List<double[]> thin = new ArrayList<>();
        int stride = (points.size() + most - 1) / most;
        for (int i = 0; i < points.size(); i++) {
            if (i % stride == 0 || i == points.size() - 1) {
                thin.add(new double[] {
                    points.get(i).step(), Math.round(points.get(i).loss() * 1e4) / 1e4
                });
            }
        }
        return thin;
    }
}
