package org.isofleet.worker.exchange;

import java.util.List;

/**
 * Which of some vectors are added to which, and what remains. Made by {@link SumOrder}.
 *
 * @param additions to do in this order
 * @param remaining what is left of the inputs, in order
 */
public record SumPlan(List<Addition> additions, List<Remainder> remaining) {
    /**
     * {@code input[into] += input[from]}.
     *
     * @param into index of an input
     * @param from index of another one, not needed afterwards
     */
    public record Addition(int into, int from) {}

    /**
     * A sum that is done as far as the inputs allow.
     *
     * @param input index of the input that holds it
     * @param span the shards in it
     */
    public record Remainder(int input, ShardSpan span) {}

    public SumPlan {
        additions = List.copyOf(additions);
        remaining = List.copyOf(remaining);
    }

    /** The shards of what remains. */
    public List<ShardSpan> spans() {
        return remaining.stream().map(Remainder::span).toList();
    }

    /** Does the additions on plain numbers, in place. */
    public void apply(double[] inputs) {
        for (Addition addition : additions) {
            inputs[addition.into()] += inputs[addition.from()];
        }
    }
}
