package org.isofleet.worker.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * In which order shard gradients are added. Floating-point addition is not associative, so the order is part of a run's bits.
 *
 * <p>{@link #TREE} is the order of every run: one binary tree over shard numbers. A node of level l holds the shards
 * {@code i 2^l} to {@code (i + 1) 2^l - 1} and is the sum of its two children, whoever computes it. Going through vectors by
 * shard number and joining the last two as soon as they are siblings needs at most log2 V + 1 live vectors for a subtree, and leaves
 * the largest subtrees that the given shards fill.
 */
public enum SumOrder {
    /** The fixed binary tree. */
    TREE {
        @Override
        boolean joins(ShardSpan left, ShardSpan right) {
            return left.size() == right.size()
                    && left.first() + left.size() == right.first()
                    && left.first() % (2 * left.size()) == 0;
        }
    },
    /** Everything is added to one sum as it comes: a control that shows what the tree is for, used by tests only. */
    ARRIVAL {
        @Override
        boolean joins(ShardSpan left, ShardSpan right) {
            return true;
        }
    };

    /** Whether two neighbours are added as soon as both are there. */
    abstract boolean joins(ShardSpan left, ShardSpan right);

    /** What becomes of vectors that hold these shards, given in order. */
    public SumPlan plan(List<ShardSpan> inputs) {
        List<SumPlan.Addition> additions = new ArrayList<>();
        List<SumPlan.Remainder> stack = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            stack.add(new SumPlan.Remainder(i, inputs.get(i)));
            while (stack.size() > 1 && joinLast(stack, additions)) {
                // the join may have made another pair of siblings
            }
        }
        return new SumPlan(additions, stack);
    }

    private boolean joinLast(List<SumPlan.Remainder> stack, List<SumPlan.Addition> additions) {
        SumPlan.Remainder right = stack.get(stack.size() - 1);
        SumPlan.Remainder left = stack.get(stack.size() - 2);
        if (!joins(left.span(), right.span())) {
            return false;
        }
        additions.add(new SumPlan.Addition(left.input(), right.input()));
        ShardSpan joined = new ShardSpan(
                left.span().first(), left.span().size() + right.span().size());
        stack.remove(stack.size() - 1);
        stack.set(stack.size() - 1, new SumPlan.Remainder(left.input(), joined));
        return true;
    }

    /** The sums that a holder of the shards {@code first} to {@code end - 1} can make without anyone else. */
    public List<ShardSpan> cover(int first, int end) {
        return plan(IntStream.range(first, end).mapToObj(ShardSpan::of).toList())
                .spans();
    }
}
