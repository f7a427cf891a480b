package org.isofleet.metrics.webhook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.StudyView;

/**
 * Tells others when a run of a study has failed for good and when the study is finished, each at least once: what was told stands in the study
 * folder, and what a killed process did not come to tell, the next one does, for it is shown the study's past. Nothing waits for them.
 */
public final class Webhooks implements AutoCloseable {
    private final List<Courier> couriers;

    private final Courier.Pace pace;

    private Webhooks(List<Courier> couriers, Courier.Pace pace) {
        this.couriers = couriers;
        this.pace = pace;
    }

    /**
     * Tells of the study of a folder from now on.
     *
     * @throws IOException when what was told before cannot be read
     */
    public static Webhooks open(List<Webhook> hooks, Path studyFolder) throws IOException {
        return open(hooks, studyFolder, Courier.Pace.DEFAULT);
    }

    static Webhooks open(List<Webhook> hooks, Path studyFolder, Courier.Pace pace) throws IOException {
        SentNotices sent = SentNotices.open(studyFolder);
        return new Webhooks(
                hooks.stream().map(hook -> new Courier(hook, sent, pace)).toList(), pace);
    }

    /**
     * Takes an event of any kind and returns at once.
     *
     * @param view the study after it
     */
    public void take(StudyView view, LiveEvent event) {
        if (!couriers.isEmpty()) {
            Notice.of(view, event).ifPresent(notice -> couriers.forEach(courier -> courier.take(notice)));
        }
    }

    /** Waits some seconds for what is not told yet, all hooks at once. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + pace.closing().toNanos();
        couriers.forEach(Courier::finish);
        couriers.forEach(courier -> courier.awaitEnd(deadline));
    }
}
