package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final int CONTRIBUTION = 0;
    private static final int SLICE = 1;
    private static final int SUM = 2;

    /** What members that compute rightly say: hashes belong to places, whoever computes them. */
    private static List<long[][]> right(int members, int passes) {
        List<long[][]> tables = new ArrayList<>();
        for (int p = 0; p < passes; p++) {
            long[][] table = new long[members][];
            for (int m = 0; m < members; m++) {
                int place = (m + p) % members;
                table[m] = new long[] {10 + place, 20 + place, 30};
            }
            tables.add(table);
        }
        return tables;
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 2", "2, 4", "3, 2", "3, 3", "7, 3"})
    void rightMembers_areUnanimous(int members, int passes) {
        assertThat(new Verdict(right(members, passes)).isUnanimous()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 0", "3, 0, 2", "3, 1, 1", "3, 2, 1", "5, 0, 4", "5, 1, 0", "5, 2, 3"})
    void oneWrongContribution_namesWhoComputedIt(int members, int pass, int member) {
        List<long[][]> tables = right(members, 3);
        tables.get(pass)[member][CONTRIBUTION]++;
        for (long[] row : tables.get(pass)) {
            row[SLICE] += 100; // it is in all sums of that pass
            row[SUM] += 100;
        }
        Verdict verdict = new Verdict(tables);
        assertThat(verdict.isUnanimous()).isFalse();
        assertThat(verdict.culprit()).isEqualTo(member);
    }

    @Test
    void memberWrongInAllPasses_isNamed() {
        List<long[][]> tables = right(3, 3);
        tables.forEach(table -> table[1][CONTRIBUTION] += 7);
        assertThat(new Verdict(tables).culprit()).isEqualTo(1);
    }

    @Test
    void oneWrongSlice_namesItsOwner() {
        List<long[][]> tables = right(4, 3);
        tables.get(1)[2][SLICE]++;
        for (long[] row : tables.get(1)) {
            row[SUM]++;
        }
        assertThat(new Verdict(tables).culprit()).isEqualTo(2);
    }

    @Test
    void oneCopyOfTheSumThatDiffers_namesItsHolder() {
        List<long[][]> tables = right(3, 3);
        tables.get(0)[1][SUM]++;
        Verdict verdict = new Verdict(tables);
        assertThat(verdict.isUnanimous()).isFalse();
        assertThat(verdict.culprit()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1", "3, 1"})
    void ofTwoMembers_whoContradictsItselfIsNamed(int pass, int member) {
        List<long[][]> tables = right(2, 4);
        tables.get(pass)[member][CONTRIBUTION]++;
        assertThat(new Verdict(tables).culprit()).isEqualTo(member);
        tables.get(pass)[member][CONTRIBUTION]--;
        tables.get(pass)[member][SLICE]++;
        assertThat(new Verdict(tables).culprit()).isEqualTo(member);
    }

    /** Two of three computations of a place agree, and are of one member. */
    @Test
    void ofTwoMembers_whoIsAlwaysWrongInTheSameWay_isNotTold() {
        List<long[][]> tables = right(2, 4);
        tables.forEach(table -> table[1][CONTRIBUTION] += 7);
        assertThat(new Verdict(tables).isUnanimous()).isFalse();
        assertThat(new Verdict(tables).culprit()).isEqualTo(-1);
    }

    @Test
    void ofTwoMembersThatBothContradictThemselves_nobodyIsNamed() {
        List<long[][]> tables = right(2, 4);
        tables.get(0)[0][CONTRIBUTION]++;
        tables.get(1)[1][CONTRIBUTION]++;
        assertThat(new Verdict(tables).culprit()).isEqualTo(-1);
    }

    @Test
    void twoMembersAfterTwoPasses_nobodyIsNamed_andOneAloneIs() {
        List<long[][]> two = right(2, 2);
        two.get(0)[0][CONTRIBUTION]++;
        assertThat(new Verdict(two).isUnanimous()).isFalse();
        assertThat(new Verdict(two).culprit()).isEqualTo(-1);
        List<long[][]> one = right(1, 2);
        one.get(1)[0][CONTRIBUTION]++;
        assertThat(new Verdict(one).isUnanimous()).isFalse();
        assertThat(new Verdict(one).culprit()).isZero();
    }

    @Test
    void twoWrongMembers_areNotNamed() {
        List<long[][]> tables = right(4, 3);
        tables.get(0)[0][CONTRIBUTION]++;
        tables.get(0)[1][CONTRIBUTION]++;
        assertThat(new Verdict(tables).culprit()).isEqualTo(-1);
    }
}
