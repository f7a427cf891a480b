package org.isofleet.metrics.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code status --json} answers about a study.
 *
 * @param schema {@code status/1}
 */
public record StatusAnswer(String schema, List<Study> studies, List<StudyAnswer.Run> runs, List<Worker> workers) {
    public StatusAnswer {
        studies = List.copyOf(studies);
        runs = List.copyOf(runs);
        workers = List.copyOf(workers);
    }

    /** A study and how far it is. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Study(
            String id,
            String name,
            @JsonProperty("study_dir") String studyDir,
            int runs,
            long done,
            long parked,
            long stopped,
            List<Decision> decisions,
            boolean finished,
            double seconds,
            @JsonProperty("eta_seconds") @Nullable Double etaSeconds) {}

    /** What a study that adapts itself decided, and why. */
    public record Decision(Instant at, int resolution, String reason) {}

    /**
     * A worker as last heard of.
     *
     * @param stragglerScore time for a shard's gradient over the least that it or a peer in its run is known to take: 1 is as fast as can be, 0
     *     that nothing is known
     * @param seen when, so that a reader of the folder of a stopped study can tell
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Worker(
            String id,
            String host,
            String device,
            String engine,
            String state,
            @Nullable String run,
            long step,
            @JsonProperty("tokens_per_second") double tokensPerSecond,
            @JsonProperty("straggler_score") double stragglerScore,
            Instant seen) {
        static Worker of(WorkerView worker) {
            var seen = worker.seen();
            return new Worker(
                    seen.workerId(),
                    seen.host(),
                    seen.device(),
                    seen.kernelClass(),
                    worker.alive() ? seen.doing() : "lost",
                    seen.run() == null ? null : seen.run().value(),
                    seen.step(),
                    seen.tokensPerSecond(),
                    worker.alive() ? seen.stragglerScore() : 0,
                    seen.at());
        }
    }

    /** The state of one study. */
    public static StatusAnswer of(String studyDir, StudyView view) {
        List<Study> studies = view.plan().stream()
                .map(plan -> new Study(
                        plan.studyId(),
                        plan.name(),
                        studyDir,
                        view.runs().size(),
                        view.count(LiveEvent.RunState.DONE),
                        view.count(LiveEvent.RunState.PARKED),
                        view.count(LiveEvent.RunState.STOPPED),
                        view.adapted().stream()
                                .map(adapted -> new Decision(
                                        adapted.at(), adapted.resolution(), Narrative.words(view, adapted)))
                                .toList(),
                        view.finished() != null,
                        view.elapsed().toMillis() / 1000.0,
                        view.finished() != null
                                ? null
                                : view.eta().map(eta -> eta.toMillis() / 1000.0).orElse(null)))
                .toList();
        return new StatusAnswer(
                "status/1",
                studies,
                view.runs().stream().map(StudyAnswer.Run::of).toList(),
                view.workersInOrder().stream().map(Worker::of).toList());
    }
}
