package org.isofleet.coordinator.http;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.live.StudyView;
import org.jspecify.annotations.Nullable;

/**
 * How far the study is.
 *
 * @param now by the coordinator's clock, when this was said
 * @param states runs by state; states without runs are left out
 * @param share of the FLOPs of training done, 0 to 1
 * @param etaSeconds left out while there is no telling, and at the end
 */
record StudyNow(
        @Nullable String id,
        @Nullable String name,
        Instant now,
        @Nullable Instant started,
        int runs,
        Map<String, Integer> states,
        double share,
        double seconds,
        @Nullable Double etaSeconds,
        boolean finished) {
    static StudyNow of(StudyView view, Instant now) {
        Map<String, Integer> states = new TreeMap<>();
        double all = 0;
        double done = 0;
        var runs = view.runs();
        for (RunView run : runs) {
            states.merge(StudyAnswer.name(run.state()), 1, Integer::sum);
            double flops = run.spec().exactFlops();
            all += flops;
            done += flops * (run.ended() ? 1 : run.trainedShare());
        }
        var plan = view.plan();
        return new StudyNow(
                plan.map(p -> p.studyId()).orElse(null),
                plan.map(p -> p.name()).orElse(null),
                now,
                view.started() == null ? null : view.started().at(),
                runs.size(),
                states,
                all > 0 ? done / all : 0,
                view.elapsed(now).toMillis() / 1000.0,
                view.finished() != null
                        ? null
                        : view.eta(now).map(eta -> eta.toMillis() / 1000.0).orElse(null),
                view.finished() != null);
    }
}
