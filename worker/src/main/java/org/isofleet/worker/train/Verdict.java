package org.isofleet.worker.train;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isofleet.worker.exchange.StateVote;

/**
 * What the members' hashes of one step, computed several times over, say about them. A table has a row for each member, of
 * {@value #COLUMNS} hashes: what it contributed, the slice that it summed, and the whole sum as it has it. In the table with number p
 * member m computed what belongs to the place m + p.
 */
final class Verdict {
    static final int COLUMNS = 3;
    private static final int CONTRIBUTION = 0;
    private static final int SLICE = 1;
    private static final int SUM = 2;

    private final List<long[][]> tables;
    private final int members;

    Verdict(List<long[][]> tables) {
        this.tables = List.copyOf(tables);
        this.members = tables.get(0).length;
    }

    /** Whether everything came to the same bits, whoever computed it. */
    boolean isUnanimous() {
        return IntStream.range(0, members).allMatch(place -> same(of(CONTRIBUTION, place)) && same(of(SLICE, place)))
                && same(sums());
    }

    /**
     * Index of the one member that computed wrongly; -1 when that cannot be told. Someone alone contradicts itself. Of two computations
     * nothing says which is wrong; of three by three members, one against two is. Of two members it is who contradicts itself: that two of
     * three computations agree says nothing when one member made both. Contributions go before slices and those before sums: what is wrong in
     * one is wrong in the next, whoever computes it.
     */
    int culprit() {
        if (members == 1) {
            return 0;
        } else if (members == 2) {
            return whoContradictsItself();
        }
        for (int column : new int[] {CONTRIBUTION, SLICE}) {
            Set<Integer> wrong = IntStream.range(0, members)
                    .filter(place -> !same(of(column, place)))
                    .mapToObj(place -> memberOf(StateVote.oddOne(of(column, place)), place))
                    .collect(Collectors.toSet());
            if (!wrong.isEmpty()) {
                return wrong.size() == 1 ? wrong.iterator().next() : -1;
            }
        }
        for (long[][] table : tables) {
            long[] sums = Arrays.stream(table).mapToLong(row -> row[SUM]).toArray();
            if (!same(sums)) {
                return StateVote.oddOne(sums);
            }
        }
        return -1;
    }

    private int whoContradictsItself() {
        for (int column : new int[] {CONTRIBUTION, SLICE}) {
            int[] wrong = IntStream.range(0, members)
                    .filter(member -> IntStream.range(0, members).anyMatch(place -> !same(of(column, place, member))))
                    .toArray();
            if (wrong.length > 0) {
                return wrong.length == 1 ? wrong[0] : -1;
            }
        }
        return -1;
    }

    /** The hashes of what belongs to a place, in the tables in which a member computed it. */
    private long[] of(int column, int place, int member) {
        return IntStream.range(0, tables.size())
                .filter(p -> memberOf(p, place) == member)
                .mapToLong(p -> tables.get(p)[member][column])
                .toArray();
    }

    /** The hashes of what belongs to a place, table by table. */
    private long[] of(int column, int place) {
        return IntStream.range(0, tables.size())
                .mapToLong(p -> tables.get(p)[memberOf(p, place)][column])
                .toArray();
    }

    /** Who computed what belongs to a place in a table; -1 for no table. */
    private int memberOf(int table, int place) {
        return table < 0 ? -1 : Math.floorMod(place - table, members);
    }

    private long[] sums() {
        return tables.stream()
                .flatMapToLong(table -> Arrays.stream(table).mapToLong(row -> row[SUM]))
                .toArray();
    }

    private static boolean same(long[] hashes) {
        return Arrays.stream(hashes).allMatch(hash -> hash == hashes[0]);
    }
}
