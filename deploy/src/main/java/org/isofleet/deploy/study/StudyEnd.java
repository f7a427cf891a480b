package org.isofleet.deploy.study;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.isofleet.coordinator.node.CoordinatorNode;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.report.Report;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a study that the journal says is over: its folder has to say so too. What other coordinators told on the way may have been
 * lost, so it is shown again until the folder is whole. Of several coordinators each becomes the folder's keeper in turn and finds
 * nothing left to do; so a report is written even if the first of them dies just before.
 */
final class StudyEnd {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHOW_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(StudyEnd.class);

    private StudyEnd() {}

    /** How the study ended, once the folder and its report tell it. */
    static StudyView await(Path folder, CoordinatorNode coordinator, String studyId, ResultsKeeper keeper)
            throws IOException {
        coordinator.settled().toCompletableFuture().join();
        long end = System.nanoTime() + PATIENCE.toNanos();
        long show = System.nanoTime() + SHOW_EVERY.toNanos();
        Optional<StudyView> view = keeper.view().filter(StudyEnd::isWhole);
        while (view.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (System.nanoTime() > show) {
                coordinator.show(studyId);
                show = System.nanoTime() + SHOW_EVERY.toNanos();
            }
            view = keeper.view().filter(StudyEnd::isWhole);
        }
        if (view.isEmpty()) {
            LOG.warn("the study is over and {} does not tell all of it; the journal does", folder);
            return StudyFolder.read(folder);
        }
        coordinator.settled().toCompletableFuture().join(); // the fits of what was shown last
        Report.write(folder);
        return keeper.view().orElseThrow();
    }

    private static boolean isWhole(StudyView view) {
        return view.finished() != null && view.runs().stream().allMatch(RunView::ended);
    }
}
