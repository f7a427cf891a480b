package org.isofleet.metrics.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jspecify.annotations.Nullable;

/**
 * What {@code study --json} and {@code demo --json} answer: the end of a study, or where it stands.
 *
 * @param schema {@code study/1} or {@code demo/1}
 * @param studyDir the study folder
 * @param runs in the order of the plan
 * @param fits of every metric; {@code metric} stands in their group
 * @param seconds wall time of the study so far
 */
public record StudyAnswer(
        String schema,
        @JsonProperty("study_dir") String studyDir,
        List<Run> runs,
        List<ScalingFit> fits,
        double seconds) {
    public StudyAnswer {
        runs = List.copyOf(runs);
        fits = List.copyOf(fits);
    }

    /** One run; fields without a value are left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Run(
            String id,
            String state,
            int resolution,
            double params,
            double tokens,
            @JsonProperty("budget_flops") double budgetFlops,
            @JsonProperty("loss_nats_per_pixel") @Nullable Double lossNatsPerPixel,
            @Nullable Double top1,
            @JsonProperty("frechet_distance") @Nullable Double frechetDistance,
            @Nullable String digest,
            int restarts,
            double seconds,
            boolean fitted,
            @Nullable String label,
            @Nullable String reason) {
        static Run of(RunView run) {
            return new Run(
                    run.id().value(),
                    name(run.state()),
                    run.resolution(),
                    run.params(),
                    run.tokens(),
                    run.budgetFlops(),
                    orNull(run.loss()),
                    orNull(run.top1()),
                    orNull(run.frechetDistance()),
                    run.digest().orElse(null),
                    run.trace().restarts(),
                    run.trainSeconds(),
                    run.planned().fitted(),
                    run.planned().label(),
                    run.trace().reason().orElse(null));
        }
    }

    /**
     * The answer of a command.
     *
     * @param command {@code study} or {@code demo}
     */
    public static StudyAnswer of(String command, String studyDir, StudyView view) {
        return new StudyAnswer(
                command + "/1",
                studyDir,
                view.runs().stream().map(Run::of).toList(),
                fits(view),
                view.elapsed().toMillis() / 1000.0);
    }

    static List<ScalingFit> fits(StudyView view) {
        List<ScalingFit> all = new ArrayList<>();
        for (String metric : List.of("loss", "top1", "fd")) {
            FitsUpdated update = view.fits().get(metric);
            if (update != null) {
                update.fits().forEach(fit -> all.add(named(metric, fit)));
            }
        }
        return all;
    }

    private static ScalingFit named(String metric, ScalingFit fit) {
        Map<String, String> group = new LinkedHashMap<>(fit.group());
        group.put("metric", metric);
        return fit.withGroup(group);
    }

    /** A state as it stands in JSON and CSV. */
    public static String name(RunState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}
