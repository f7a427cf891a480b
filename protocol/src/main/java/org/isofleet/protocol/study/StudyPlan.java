package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;

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
 */
public record StudyPlan(
        String studyId,
        String name,
        List<PlannedRun> runs,
        List<LeftOutCell> leftOut,
        EvaluationSpec evaluation,
        RunPolicy policy,
        List<String> choices) {
    public StudyPlan {
        runs = List.copyOf(runs);
        leftOut = List.copyOf(leftOut);
        choices = List.copyOf(choices);
        require(!studyId.isBlank() && !name.isBlank(), "a study needs an id and a name");
        require(!runs.isEmpty(), "a study needs at least one run; all %d cells were left out", leftOut.size());
        require(
                runs.stream().map(r -> r.spec().id()).distinct().count() == runs.size(),
                "two cells of the study have the same spec");
    }

    /** The same study with other choices told. */
    public StudyPlan withChoices(List<String> told) {
        return new StudyPlan(studyId, name, runs, leftOut, evaluation, policy, told);
    }
}
