package org.isofleet.deploy.study;

import java.util.List;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;

/**
 * A GPU, for estimates of what a plan would take on it.
 *
 * @param name as in shops
 * @param peakFlops dense bf16 products with sums in single precision, a second, from the maker's data sheet without sparsity
 * @param memoryBytes of the device
 * @param dollarsPerHour roughly what clouds asked on demand in 2025; places differ by a factor of two, so users give their own
 */
public record GpuKind(String name, double peakFlops, long memoryBytes, double dollarsPerHour) {
    /** From the smallest on. */
    public static final List<GpuKind> ALL = List.of(
            new GpuKind("RTX4090", 165.2e12, 24L << 30, 0.5),
            new GpuKind("L40S", 362e12, 48L << 30, 1),
            new GpuKind("A100-40GB", 312e12, 40L << 30, 1.3),
            new GpuKind("A100-80GB", 312e12, 80L << 30, 1.8),
            new GpuKind("H100", 989.4e12, 80L << 30, 2.5),
            new GpuKind("H200", 989.4e12, 141L << 30, 3.5),
            new GpuKind("B200", 2250e12, 180L << 30, 5));

    /** The same GPU at another price. */
    public GpuKind at(double price) {
        return new GpuKind(name, peakFlops, memoryBytes, price);
    }

    /**
     * Hours of one such GPU for all runs of a plan.
     *
     * @param utilisation share of the peak that training reaches, attention counted
     */
    double hours(StudyPlan plan, double utilisation) {
        double flops =
                plan.grid().stream().mapToDouble(run -> run.spec().exactFlops()).sum();
        return flops / (peakFlops * utilisation) / 3600;
    }

    /** Runs that the memory of one such GPU does not hold. */
    int tooLarge(StudyPlan plan) {
        List<PlannedRun> runs = plan.grid().stream()
                .filter(run -> run.peakMemoryBytes() > memoryBytes)
                .toList();
        return runs.size();
    }
}
