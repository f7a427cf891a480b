package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/**
 * What {@code isofleet chaos --json} prints.
 *
 * @param schema {@code chaos/1}
 * @param seed of the schedule
 * @param faults by kind, those that befell the study
 * @param leftOut kinds that were asked for and cannot be brought about on this machine
 * @param planned faults of the schedule; the study may end before all of them are due
 * @param goodput wall time of the quiet study over that of the faulted one
 * @param workRatio shard gradients in final steps over those computed
 * @param lostSteps steps that runs had behind them and computed again
 * @param digestsEqual whether the final parameters of every run are those of the quiet study
 * @param ledgerExact whether every run saw exactly the images of the plan
 * @param runsDone whether every run was done, in both studies
 * @param memory of the processes of the faulted study, by role
 */
public record ChaosAnswer(
        String schema,
        long seed,
        List<Row> faults,
        @JsonProperty("left_out") List<LeftOut> leftOut,
        int planned,
        double goodput,
        @JsonProperty("work_ratio") double workRatio,
        @JsonProperty("lost_steps") long lostSteps,
        @JsonProperty("digests_equal") boolean digestsEqual,
        @JsonProperty("ledger_exact") boolean ledgerExact,
        @JsonProperty("runs_done") boolean runsDone,
        @JsonProperty("quiet_seconds") double quietSeconds,
        @JsonProperty("faulted_seconds") double faultedSeconds,
        List<Memory> memory,
        List<Run> runs) {
    public ChaosAnswer {
        faults = List.copyOf(faults);
        leftOut = List.copyOf(leftOut);
        memory = List.copyOf(memory);
        runs = List.copyOf(runs);
    }

    /**
     * Faults of a kind.
     *
     * @param recoveries how many of them stopped a run
     * @param recoverySeconds from the fault to the next step; absent when none did
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Row(
            String kind,
            int count,
            int recoveries,
            @JsonProperty("recovery_seconds") @Nullable Quantiles recoverySeconds) {}

    /** Nearest-rank quantiles. */
    public record Quantiles(double p50, double p95, double max) {
        /** Those of a sample that is not empty. */
        public static Quantiles of(List<Double> sample) {
            List<Double> sorted = sample.stream().sorted().toList();
            return new Quantiles(rank(sorted, 0.5), rank(sorted, 0.95), rank(sorted, 1));
        }

        private static double rank(List<Double> sorted, double share) {
            return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
        }
    }

    /**
     * What the processes of one role took.
     *
     * @param role {@code coordinator}, or the worker's id
     * @param processes how many were seen
     * @param firstBytes the most in the first quarter of the study
     * @param lastBytes the most in the last quarter
     * @param maxBytes the most ever
     * @param growthBytes from the first to the last quarter
     */
    public record Memory(
            String role,
            int processes,
            @JsonProperty("first_bytes") long firstBytes,
            @JsonProperty("last_bytes") long lastBytes,
            @JsonProperty("max_bytes") long maxBytes,
            @JsonProperty("growth_bytes") long growthBytes) {}

    public record LeftOut(String kind, String reason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Run(
            String id,
            String state,
            @Nullable String digest,
            @JsonProperty("quiet_digest") @Nullable String quietDigest,
            @JsonProperty("ledger_exact") boolean ledgerExact) {}

    /** The answer of two studies. */
    static ChaosAnswer of(
            StudyPlan plan,
            long seed,
            int planned,
            Map<FaultKind, String> leftOut,
            WatchedStudy.Outcome quiet,
            WatchedStudy.Outcome faulted) {
        long needed = plan.runs().stream()
                .mapToLong(run -> run.spec().steps() * run.spec().virtualShards())
                .sum();
        return new ChaosAnswer(
                "chaos/1",
                seed,
                rows(faulted.injected(), new Recovery(WatchedStudy.steps(plan), faulted.traces())),
                new TreeMap<>(leftOut)
                        .entrySet().stream()
                                .map(left -> new LeftOut(left.getKey().toString(), left.getValue()))
                                .toList(),
                planned,
                quiet.seconds() / faulted.seconds(),
                (double) needed / faulted.gradients(),
                Work.lostSteps(faulted.traces()),
                faulted.result().digestsEqual(quiet.result()),
                faulted.result().ledgerExact() && quiet.result().ledgerExact(),
                faulted.result().allDone() && quiet.result().allDone(),
                quiet.seconds(),
                faulted.seconds(),
                faulted.memory(),
                runs(quiet.result(), faulted.result()));
    }

    static List<Row> rows(List<Injected> injected, Recovery recovery) {
        Map<FaultKind, List<Double>> recoveries = new EnumMap<>(FaultKind.class);
        Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
        for (Injected one : injected) {
            counts.merge(one.fault().kind(), 1, Integer::sum);
            OptionalDouble seconds = recovery.seconds(one);
            if (seconds.isPresent()) {
                recoveries
                        .computeIfAbsent(one.fault().kind(), kind -> new ArrayList<>())
                        .add(seconds.getAsDouble());
            }
        }
        return counts.entrySet().stream()
                .map(entry -> {
                    List<Double> sample = recoveries.getOrDefault(entry.getKey(), List.of());
                    return new Row(
                            entry.getKey().toString(),
                            entry.getValue(),
                            sample.size(),
                            sample.isEmpty() ? null : Quantiles.of(sample));
                })
                .toList();
    }

    private static List<Run> runs(StudyResult quiet, StudyResult faulted) {
        return faulted.runs().entrySet().stream()
                .map(entry -> {
                    StudyResult.Run undisturbed = quiet.runs().get(entry.getKey());
                    return new Run(
                            entry.getKey(),
                            entry.getValue().state(),
                            entry.getValue().digest(),
                            undisturbed == null ? null : undisturbed.digest(),
                            entry.getValue().ledgerExact());
                })
                .toList();
    }

    /** Whether the study came through: the same bits, nothing lost, every run done. */
    @JsonIgnore
    public boolean holds() {
        return digestsEqual && ledgerExact && runsDone;
    }
}
