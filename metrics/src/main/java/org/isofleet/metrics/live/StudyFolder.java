package org.isofleet.metrics.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.StudyFinished;
import org.isofleet.metrics.live.LiveEvent.StudyStarted;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * The results of a study on disk: {@code events.jsonl}, {@code runs.csv}, {@code curves.json} and {@code workers.json}, kept up to date by the events it
 * is given, in any order and as often as they come. One writer a folder; any thread may give it events.
 */
public final class StudyFolder implements Consumer<LiveEvent>, AutoCloseable {
    /** Progress and workers are kept this often at most; what a crash loses of a curve is a few points of a picture. */
    private static final Duration TELEMETRY_EVERY = Duration.ofSeconds(10);

    private final Path folder;
    private final EventLog log;
    private StudyView view;
    private Instant telemetryKept = Instant.EPOCH;

    private StudyFolder(Path folder, EventLog log, StudyView view) {
        this.folder = folder;
        this.log = log;
        this.view = view;
    }

    /**
     * Opens a folder for writing, making it if need be; a line that a killed writer left unfinished is cut.
     *
     * @throws IOException when it cannot be written to
     */
    public static StudyFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        EventLog log = EventLog.open(folder);
        return new StudyFolder(folder, log, fold(folder));
    }

    /**
     * The study of a folder, running, finished or copied from elsewhere.
     *
     * @throws InvalidSpecException when there is none in it
     * @throws IOException when it cannot be read
     */
    public static StudyView read(Path folder) throws IOException {
        return find(folder)
                .orElseThrow(() -> new InvalidSpecException("no study in '" + folder + "': " + EventLog.FILE
                        + " is missing or tells of none; give the folder that "
                        + "'isofleet study' or 'isofleet demo' wrote"));
    }

    /**
     * The study of a folder; empty when there is none, as after a start that was killed before it told of anything.
     *
     * @throws IOException when it cannot be read
     */
    public static Optional<StudyView> find(Path folder) throws IOException {
        return Optional.of(fold(folder)).filter(view -> view.started() != null);
    }

    /**
     * Everything that the folder tells of, in the order in which it was told; empty when there is nothing yet.
     *
     * @throws IOException when it cannot be read
     */
    public static List<LiveEvent> events(Path folder) throws IOException {
        return EventLog.read(folder);
    }

    private static StudyView fold(Path folder) throws IOException {
        StudyView view = StudyView.EMPTY;
        for (LiveEvent event : EventLog.read(folder)) {
            view = view.with(event);
        }
        return view.withCurves(KeptCurves.read(folder)).withWorkers(KeptWorkers.read(folder));
    }

    /**
     * Takes an event.
     *
     * @throws UncheckedIOException when the folder cannot be written to
     */
    @Override
    public synchronized void accept(LiveEvent event) {
        try {
            boolean fresh = log.append(event);
            if (fresh || event instanceof Progress || event instanceof WorkerSeen) {
                view = view.with(event);
            }
            if (fresh) {
                project(event);
            }
            if (event.at().isAfter(telemetryKept.plus(TELEMETRY_EVERY)) || (fresh && event instanceof RunChanged)) {
                keepTelemetry();
                telemetryKept = event.at();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to study folder " + folder, e);
        }
    }

    private void project(LiveEvent event) throws IOException {
        if (event instanceof StudyStarted
                || event instanceof RunChanged
                || event instanceof EvaluationRecorded
                || event instanceof StudyFinished) {
            RunsCsv.write(folder, view);
        }
    }

    private void keepTelemetry() throws IOException {
        KeptCurves.write(folder, view);
        KeptWorkers.write(folder, view);
    }

    /** The study as the folder tells it. */
    public synchronized StudyView view() {
        return view;
    }

    @Override
    public synchronized void close() throws IOException {
        try (EventLog closed = log) {
            if (view.started() != null) {
                keepTelemetry();
                RunsCsv.write(folder, view);
            }
        }
    }
}
