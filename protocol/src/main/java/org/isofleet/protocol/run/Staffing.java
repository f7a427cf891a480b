package org.isofleet.protocol.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/**
 * The workers that placement has given a run, all of them each time.
 *
 * @param epoch which placement said so: its start in milliseconds, by the clock of its node
 * @param number grows within an epoch
 * @param needNumber the newest need that it knew
 * @param group workers for the run's group
 * @param evaluators workers for its metrics
 * @param present kernel classes that living workers offer, whomever they work for
 * @param roomy those of them of which a living worker has the memory that the run takes
 */
public record Staffing(
        long epoch,
        long number,
        long needNumber,
        List<Seat> group,
        Map<EvaluationKind, Seat> evaluators,
        List<KernelClass> present,
        List<KernelClass> roomy) {
    /** What a run knows before it has heard anything. */
    public static final Staffing UNHEARD = new Staffing(0, 0, 0, List.of(), Map.of(), List.of(), List.of());

    /**
     * One worker as placement last saw it.
     *
     * @param member its identity
     * @param kernelClass what it would compute with
     * @param held what it has in memory
     * @param evaluating the metric it is busy with
     * @param askedBack whether a run that waits needs it more: it should leave the group
     */
    public record Seat(
            Member member,
            KernelClass kernelClass,
            @Nullable HeldState held,
            @Nullable EvaluationKind evaluating,
            boolean askedBack) {
        public String workerId() {
            return member.workerId();
        }

        /** Whether this is the same process. */
        public boolean is(String workerId, long incarnation) {
            return member.workerId().equals(workerId) && member.incarnation() == incarnation;
        }
    }

    public Staffing {
        group = List.copyOf(group);
        evaluators = Map.copyOf(evaluators);
        present = List.copyOf(present);
        roomy = List.copyOf(roomy);
    }

    /** Where all have the memory. */
    public Staffing(
            long epoch,
            long number,
            long needNumber,
            List<Seat> group,
            Map<EvaluationKind, Seat> evaluators,
            List<KernelClass> present) {
        this(epoch, number, needNumber, group, evaluators, present, present);
    }

    /** The seat of a worker in the group, whichever its incarnation. */
    public Optional<Seat> seat(String workerId) {
        return group.stream().filter(s -> s.workerId().equals(workerId)).findFirst();
    }

    /** The same without a worker of the group. */
    public Staffing withoutMember(String workerId) {
        List<Seat> left =
                group.stream().filter(s -> !s.workerId().equals(workerId)).toList();
        return new Staffing(epoch, number, needNumber, left, evaluators, present, roomy);
    }

    /** The same without the worker of a metric. */
    public Staffing withoutEvaluator(EvaluationKind kind) {
        Map<EvaluationKind, Seat> left = new HashMap<>(evaluators);
        left.remove(kind);
        return new Staffing(epoch, number, needNumber, group, left, present, roomy);
    }

    /**
     * Whether it was said after another. Epochs are times of different nodes, whose clocks need not agree: a placement that
     * has heard a later need is the later one, whatever its clock says.
     */
    public boolean isNewerThan(Staffing other) {
        if (epoch == other.epoch) {
            return number > other.number;
        }
        return needNumber == other.needNumber ? epoch > other.epoch : needNumber > other.needNumber;
    }
}
