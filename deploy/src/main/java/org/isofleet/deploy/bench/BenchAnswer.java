package org.isofleet.deploy.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code isofleet bench NAME --json} prints.
 *
 * @param schema {@code bench/1}
 * @param bench name of the benchmark
 * @param machine what it ran on
 * @param versions of what was compared
 * @param recovery of {@code recovery} alone: what every kill of a worker came to
 * @param failover of {@code recovery --of coordinator} alone: what every kill of a coordinator came to
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BenchAnswer(
        String schema,
        String bench,
        List<Case> cases,
        Map<String, String> machine,
        Map<String, String> versions,
        @Nullable RecoveryTimes recovery,
        @Nullable FailoverTimes failover) {
    public BenchAnswer {
        cases = List.copyOf(cases);
    }

    BenchAnswer(
            String schema, String bench, List<Case> cases, Map<String, String> machine, Map<String, String> versions) {
        this(schema, bench, cases, machine, versions, null, null);
    }

    /**
     * One comparison.
     *
     * @param ratio how many times faster ours is
     * @param ours median of ours
     * @param theirs median of what it is compared to
     * @param unit of both
     * @param against what it is compared to
     * @param shareOfCeiling exact model FLOPs a second as a share of the fastest matrix product of this run
     * @param residentBytes memory of our process at the end
     * @param residentGrowthBytes how much it grew over the last {@code grownOverSteps} steps
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Case(
            String name,
            Ratio ratio,
            double ours,
            double theirs,
            String unit,
            String against,
            @JsonProperty("share_of_ceiling") @Nullable Double shareOfCeiling,
            @JsonProperty("resident_bytes") @Nullable Long residentBytes,
            @JsonProperty("resident_growth_bytes") @Nullable Long residentGrowthBytes,
            @JsonProperty("grown_over_steps") @Nullable Integer grownOverSteps) {}

    /** Median of the rounds' ratios, with the interval of the median at 95 % or the range when rounds are few. */
    public record Ratio(double median, double low, double high) {
        /** The median of a sample and its interval by order statistics (binomial, level 0.95). */
        static Ratio of(List<Double> sample) {
            List<Double> sorted = sample.stream().sorted().toList();
            int n = sorted.size();
            int rank = lowRank(n);
            return new Ratio(BenchAnswer.median(sorted), sorted.get(rank), sorted.get(n - 1 - rank));
        }

        /** Largest k for which fewer than 2.5 % of samples of n have k or fewer values below the median; 0 when there is none. */
        private static int lowRank(int n) {
            double below = 0;
            double probability = Math.pow(0.5, n);
            int k = 0;
            while (true) {
                below += probability;
                if (below > 0.025) {
                    return Math.max(0, k - 1);
                }
                probability *= (double) (n - k) / (k + 1);
                k++;
            }
        }
    }

    static double median(List<Double> sample) {
        List<Double> sorted = sample.stream().sorted().toList();
        int n = sorted.size();
        return n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
    }
}
