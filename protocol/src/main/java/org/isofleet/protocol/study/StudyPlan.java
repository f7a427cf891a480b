package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A study ready to run: what the planner made of a study file.
 *
 * @param studyId content hash of the runs and the evaluation, 16 hexadecimal digits
 * @param name what the user calls it
 * @param runs cells to train, cheapest first
 * @param leftOut cells that are not trained, with reasons
 * @param evaluation metrics of every finished run
 * @param policy staffing and retries
 * @param choices every choice of the study as {@code name: value}, for the report
 * @param adaptive what it may train besides, as it decides itself; null when the runs above are all
 */
public record StudyPlan(
        String studyId,
        String name,
        List<PlannedRun> runs,
        List<LeftOutCell> leftOut,
        EvaluationSpec evaluation,
        RunPolicy policy,
        List<String> choices,
        @Nullable AdaptivePlan adaptive) {
    public StudyPlan {
        runs = List.copyOf(runs);
        leftOut = List.copyOf(leftOut);
        choices = List.copyOf(choices);
        require(!studyId.isBlank() && !name.isBlank(), "a study needs an id and a name");
        require(!runs.isEmpty(), "a study needs at least one run; all %d cells were left out", leftOut.size());
        require(
                Stream.concat(runs.stream(), candidates(adaptive))
                                .map(r -> r.spec().id())
                                .distinct()
                                .count()
                        == runs.size() + candidates(adaptive).count(),
                "two cells of the study have the same spec");
    }

    /** A study that trains its runs and no others. */
    public StudyPlan(
            String studyId,
            String name,
            List<PlannedRun> runs,
            List<LeftOutCell> leftOut,
            EvaluationSpec evaluation,
            RunPolicy policy,
            List<String> choices) {
        this(studyId, name, runs, leftOut, evaluation, policy, choices, null);
    }

    private static Stream<PlannedRun> candidates(@Nullable AdaptivePlan adaptive) {
        return adaptive == null ? Stream.of() : adaptive.candidates();
    }

    /** The runs, and those that it may add. */
    public Stream<PlannedRun> everyRun() {
        return Stream.concat(runs.stream(), candidates(adaptive));
    }

    /** The runs of the grid as the study file has it, whatever of it is trained. */
    public List<PlannedRun> grid() {
        return Stream.concat(runs.stream(), adaptive == null ? Stream.of() : adaptive.planned().stream())
                .toList();
    }

    /** The same study with other choices told. */
    public StudyPlan withChoices(List<String> told) {
        return new StudyPlan(studyId, name, runs, leftOut, evaluation, policy, told, adaptive);
    }
}
