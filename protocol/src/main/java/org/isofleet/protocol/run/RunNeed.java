package org.isofleet.protocol.run;

import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.WorkerMemory;
import org.jspecify.annotations.Nullable;

/**
 * All that a run wants of placement and what it holds, said anew at each change and every few seconds, so that placement
 * can be rebuilt from what it hears.
 *
 * @param runId the run
 * @param number grows with each need; an older one is stale
 * @param position place in the study's order; smaller goes first
 * @param begun whether it has had a group; of runs that wait, those go first that have
 * @param engine {@code dl4j} or {@code torch}
 * @param precision of the products
 * @param exact whether all workers must be of one kernel class
 * @param kernelClass the class that the run is pinned to; null while any of the engine will do
 * @param memory that a member takes
 * @param workers members that it wants in its group before another run is started; 0 when it does not train
 * @param growth what more members are worth to it
 * @param group members that it has
 * @param unfit workers that it cannot have in its group, though they are of the class
 * @param evaluations metrics that are due or under way
 * @param avoided workers on which it failed lately: it would rather wait for another that can compute it, if there is one
 */
public record RunNeed(
        RunId runId,
        long number,
        int position,
        boolean begun,
        String engine,
        String precision,
        boolean exact,
        @Nullable KernelClass kernelClass,
        WorkerMemory memory,
        int workers,
        Growth growth,
        List<Holding> group,
        List<Holding> unfit,
        List<Evaluation> evaluations,
        List<Holding> avoided) {
    /** A worker process that the run has. */
    public record Holding(String workerId, long incarnation) {}

    /** A metric and, when it is under way, who computes it. */
    public record Evaluation(EvaluationKind kind, @Nullable Holding by) {}

    public RunNeed {
        group = List.copyOf(group);
        unfit = List.copyOf(unfit);
        evaluations = List.copyOf(evaluations);
        avoided = List.copyOf(avoided);
    }

    /** Whether the run wants nothing. */
    public boolean isEmpty() {
        return workers == 0 && evaluations.isEmpty();
    }

    /** The same need under another number. */
    public RunNeed numbered(long newNumber) {
        return with(newNumber, growth);
    }

    /** Whether it asks for the same as another; by how long the rest of the run will take they may differ. */
    public boolean asksTheSameAs(RunNeed other) {
        return with(0, growth.unmeasured()).equals(other.with(0, other.growth.unmeasured()));
    }

    private RunNeed with(long newNumber, Growth newGrowth) {
        return new RunNeed(
                runId,
                newNumber,
                position,
                begun,
                engine,
                precision,
                exact,
                kernelClass,
                memory,
                workers,
                newGrowth,
                group,
                unfit,
                evaluations,
                avoided);
    }

    /** Whether the run says that it has a worker, in its group or for a metric. */
    public boolean has(Holding worker) {
        return group.contains(worker) || evaluations.stream().anyMatch(e -> worker.equals(e.by()));
    }

    /** Whether a worker can be in its group, and in which class. */
    public Optional<KernelClass> fit(List<KernelClass> offered) {
        return offered.stream().filter(this::fits).findFirst();
    }

    /** The same of a worker with its memory: no class when it has too little for the threads that it computes with. */
    public Optional<KernelClass> fit(WorkerProfile worker) {
        return memory.bytes(worker.threads()) <= worker.memoryBytes() ? fit(worker.kernelClasses()) : Optional.empty();
    }

    /** Whether a worker can compute its metrics, and in which class: any of the engine will do, the bits of a run are its parameters. */
    public Optional<KernelClass> fitMetric(List<KernelClass> offered) {
        return offered.stream().filter(this::isOfEngine).findFirst();
    }

    private boolean fits(KernelClass offered) {
        return (exact && kernelClass != null) ? offered.equals(kernelClass) : isOfEngine(offered);
    }

    private boolean isOfEngine(KernelClass offered) {
        return offered.engine().startsWith(engine) && offered.precision().equals(precision);
    }
}
