package org.isofleet.deploy.study;

import static org.isofleet.protocol.study.Requirement.require;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;

/**
 * The memory of a machine that workers share. Asked before anything is trained: a run that does not fit would be tried and given up by one
 * worker after the other.
 *
 * @param bytes of the machine, or of the container that this process lives in
 */
public record LocalMemory(long bytes) {
    /** All of this machine. */
    public static LocalMemory ofThisMachine() {
        return new LocalMemory(
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize());
    }

    /**
     * Refuses a plan whose largest run does not fit.
     *
     * @param workers on this machine
     * @param threads compute threads of each
     * @param workerBytes that a run may use in each
     * @throws org.isofleet.protocol.study.InvalidSpecException with one line that names the run and the mend
     */
    void requireFor(StudyPlan plan, int workers, int threads, long workerBytes) {
        RunSpec largest = plan.everyRun()
                .map(PlannedRun::spec)
                .max(Comparator.comparingLong(spec -> needed(spec, threads)))
                .orElseThrow();
        long needed = needed(largest, threads);
        String run = name(largest);
        require(
                needed <= workerBytes,
                "--memory: the run %s needs about %s, above the %s of a worker; give --memory more, or set"
                        + " limits.memory = %s in the study file to leave such runs out",
                run,
                mebibytes(needed),
                mebibytes(workerBytes),
                mebibytes(workerBytes));
        int fitting = (int) Math.min(workers, bytes / needed);
        require(
                fitting > 0,
                "this machine has %s of memory and the run %s needs about %s; set limits.memory = %s in the study file to"
                        + " leave such runs out",
                mebibytes(bytes),
                run,
                mebibytes(needed),
                mebibytes(bytes));
        require(
                fitting == workers,
                "--local: %d workers at about %s each for the run %s do not fit into the %s of this machine; start %d",
                workers,
                mebibytes(needed),
                run,
                mebibytes(bytes),
                fitting);
    }

    /**
     * Refuses to train runs side by side in this process, one thread each, when the largest do not fit.
     *
     * @throws org.isofleet.protocol.study.InvalidSpecException with one line that names the run and the mend
     */
    public void requireTogether(List<RunSpec> runs, int threads) {
        RunSpec largest = runs.stream()
                .max(Comparator.comparingLong(spec -> needed(spec, 1)))
                .orElseThrow();
        long needed = MemoryEstimate.trainingBytes(largest, 1);
        require(
                threads * needed <= bytes,
                "--threads: %d cells at about %s each for %s do not fit into the %s of this machine; give --threads %d or"
                        + " leave the size out of tune.sizes",
                threads,
                mebibytes(needed),
                name(largest),
                mebibytes(bytes),
                Math.max(1, bytes / needed));
    }

    private static long needed(RunSpec spec, int threads) {
        return MemoryEstimate.workerBytes(spec, threads);
    }

    private static String name(RunSpec spec) {
        return spec.shape().layers() + "x" + spec.shape().width() + " at "
                + spec.shape().resolution() + " pixels";
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + "MiB";
    }
}
