package org.isofleet.protocol.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPlanTest {
    @ParameterizedTest
    @CsvSource({"1, 8", "2, 4 8", "3, 2 5 8", "5, 1 3 4 6 8", "8, 1 2 3 4 5 6 7 8"})
    void shards_lieOnMembersAsEvenAsCanBe(int members, String ends) {
        GroupPlan plan = plan(1, members);
        int at = 0;
        for (int member = 0; member < members; member++) {
            assertThat(plan.firstShard(member)).isEqualTo(at);
            at = plan.endShard(member);
            assertThat(at).isEqualTo(Integer.parseInt(ends.split(" ")[member]));
        }
    }

    @Test
    void plan_thatCannotBe_isRefused() {
        assertThatThrownBy(() -> plan(0, 2)).hasMessageContaining("count from 1");
        assertThatThrownBy(() -> plan(1, 0)).hasMessageContaining("needs a member");
        assertThatThrownBy(() -> plan(1, 9))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessage("9 members cannot share 8 virtual shards");
        List<Member> twice = List.of(member(1), member(1));
        assertThatThrownBy(() -> new GroupPlan(spec(), 1, twice, "store")).hasMessageContaining("once");
    }

    @Test
    void member_isFoundByItsName() {
        assertThat(plan(1, 3).indexOf("w2")).isEqualTo(2);
        assertThat(plan(1, 3).indexOf("w9")).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "h, 0", "h, 65536", "h, -1"})
    void address_thatCannotBe_isRefused(String host, int port) {
        assertThatThrownBy(() -> new BulkAddress(host, port)).isInstanceOf(InvalidSpecException.class);
        assertThat(new BulkAddress("h", 65_535).port()).isEqualTo(65_535);
        assertThat(new BulkAddress("h", 1).port()).isEqualTo(1);
    }

    private static GroupPlan plan(long generation, int members) {
        return new GroupPlan(
                spec(),
                generation,
                IntStream.range(0, members).mapToObj(GroupPlanTest::member).toList(),
                "store");
    }

    private static Member member(int number) {
        return new Member("w" + number, 1, new BulkAddress("127.0.0.1", 4000));
    }

    private static RunSpec spec() {
        return new RunSpec(
                ModelShape.of(16, 3, 32, 2, 32, 2),
                new ImageSetRef("embedded:none", "0".repeat(64), 1000),
                new Budget(1e10),
                10,
                8,
                8,
                OptimizerSpec.of(1e-3, 0.95),
                ScheduleSpec.cosine(1, 0.1),
                "dl4j",
                "fp32",
                1,
                10,
                true);
    }
}
