package org.isofleet.deploy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.isofleet.metrics.forecast.ForecastLog;
import org.isofleet.metrics.forecast.Projection;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.PointsCsv;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * Where the runs of a forecast or of its check come from: a study folder or a CSV file.
 *
 * @param place folder or file
 * @param columns of a CSV file; its metric is that of a study folder too
 */
record ForecastSource(Path place, PointsCsv columns) {
    boolean folder() {
        return Files.isDirectory(place);
    }

    /** The runs that laws rest on, by group. */
    Map<Map<String, String>, List<Observation>> fitted() throws IOException {
        return read(true);
    }

    /** All runs that have the metric, by group. */
    Map<Map<String, String>, List<Observation>> all() throws IOException {
        return read(false);
    }

    private Map<Map<String, String>, List<Observation>> read(boolean fittedOnly) throws IOException {
        if (!folder()) {
            return columns.read(place);
        }
        String metric = columns.metric();
        if (!List.of("loss", "top1", "fd").contains(metric)) {
            throw new InvalidSpecException("--metric " + metric + ": a study folder has loss, top1 and fd");
        }
        Map<Map<String, String>, List<Observation>> groups = new LinkedHashMap<>();
        StudyView study = StudyFolder.read(place);
        Set<RunId> comparable = new HashSet<>();
        for (int resolution : IsoflopProfiles.resolutions(study)) {
            CommonProtocol.runs(study, metric, resolution).forEach(run -> comparable.add(run.id()));
        }
        for (RunView run : study.runs()) {
            OptionalDouble value = run.metric(metric);
            if (value.isPresent()
                    && comparable.contains(run.id())
                    && (run.planned().fitted() || !fittedOnly)) {
                groups.computeIfAbsent(
                                Map.of(Projection.RESOLUTION, Integer.toString(run.resolution())),
                                group -> new ArrayList<>())
                        .add(new Observation(
                                run.id().value(), run.budgetFlops(), run.params(), run.tokens(), value.getAsDouble()));
            }
        }
        if (groups.isEmpty()) {
            throw new InvalidSpecException(place + ": no finished run has the metric " + metric + " yet");
        }
        return groups;
    }

    /**
     * Refuses runs of a group that were measured by another protocol than these: neither says anything of the other.
     *
     * @throws InvalidSpecException with one line
     */
    void requireSameProtocol(ForecastSource other, Map<String, String> group) throws IOException {
        Optional<String> here = protocol(group);
        Optional<String> there = other.protocol(group);
        if (here.isPresent() && there.isPresent() && !here.equals(there)) {
            throw new InvalidSpecException(
                    other.place + ": its " + columns.metric() + " was measured by '" + there.get()
                            + "', that of " + place + " by '" + here.get()
                            + "'; a forecast is scored by the protocol that it was made from: run the check with its evaluation");
        }
    }

    private Optional<String> protocol(Map<String, String> group) throws IOException {
        String resolution = group.get(Projection.RESOLUTION);
        return folder() && resolution != null && resolution.matches("\\d{1,4}")
                ? CommonProtocol.of(StudyFolder.read(place), columns.metric(), Integer.parseInt(resolution))
                : Optional.empty();
    }

    /** A run of the study at a budget or above that was begun; null when there is none. */
    @Nullable
    String begun(double budgetFlops) throws IOException {
        if (!folder()) {
            return null;
        }
        return StudyFolder.read(place).runs().stream()
                .filter(run -> run.budgetFlops() >= budgetFlops && run.state() != RunState.WAITING)
                .map(run -> run.id().value())
                .findFirst()
                .orElse(null);
    }

    /** In the study folder, or beside the file and named after it. */
    ForecastLog log() {
        return new ForecastLog(
                folder()
                        ? place.resolve(ForecastLog.FILE)
                        : place.resolveSibling(place.getFileName() + "." + ForecastLog.FILE));
    }
}
