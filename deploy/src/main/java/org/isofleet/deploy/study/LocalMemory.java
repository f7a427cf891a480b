package org.isofleet.deploy.study;

import static org.isofleet.protocol.study.Requirement.require;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;

/**
 * The memory of a machine that workers share. Asked before anything is trained: a run that does not fit would be tried and given up by one
 * worker after the other.
 *
 * @param bytes of the machine, or of the container that this process lives in
 */
record LocalMemory(long bytes) {
    static LocalMemory ofThisMachine() {
        return new LocalMemory(
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize());
    }

    /**
     * Refuses a plan whose largest run does not fit.
     *
     * @param workers on this machine
     * @param workerBytes that a run may use in each
     * @throws org.isofleet.protocol.study.InvalidSpecException with one line that names the run and the mend
     */
    void requireFor(StudyPlan plan, int workers, long workerBytes) {
        PlannedRun largest = plan.runs().stream()
                .max(Comparator.comparingLong(PlannedRun::peakMemoryBytes))
                .orElseThrow();
        long needed = largest.peakMemoryBytes();
        String run =
                largest.spec().shape().layers() + "x" + largest.spec().shape().width() + " at "
                        + largest.spec().shape().resolution() + " pixels";
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

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + "MiB";
    }
}
