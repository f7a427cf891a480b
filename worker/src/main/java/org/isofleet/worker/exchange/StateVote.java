package org.isofleet.worker.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isofleet.protocol.group.Member;

/** Whether the members hold the same state; all members see the same hashes, so all say the same. */
public final class StateVote {
    private StateVote() {}

    /**
     * Refuses states that differ. Two cannot say who of them is wrong; of more, one against all others is.
     *
     * @param step after which the members hold these states
     * @param hashes of the members' states
     */
    static void check(List<Member> members, long step, long[] hashes) throws StateMismatchException {
        if (Arrays.stream(hashes).allMatch(hash -> hash == hashes[0])) {
            return;
        }
        int odd = oddOne(hashes);
        String culprit = odd < 0 ? null : members.get(odd).workerId();
        String states = IntStream.range(0, hashes.length)
                .mapToObj(m -> "the state of %s has hash %016x"
                        .formatted(members.get(m).workerId(), hashes[m]))
                .collect(Collectors.joining(" and "));
        throw new StateMismatchException(
                step,
                culprit,
                "before step %d %s; %s computed wrongly"
                        .formatted(step + 1, states, culprit == null ? "one of them" : culprit));
    }

    /** Index of the only number that differs from all others, which are at least two and equal; else -1. */
    public static int oddOne(long... numbers) {
        if (numbers.length < 3) {
            return -1;
        }
        long usual = numbers[0] == numbers[1] || numbers[0] == numbers[2] ? numbers[0] : numbers[1];
        int[] odd = IntStream.range(0, numbers.length)
                .filter(i -> numbers[i] != usual)
                .toArray();
        return odd.length == 1 ? odd[0] : -1;
    }
}
