package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.RunReport.PeerLost;

class OutboxTest {
    private static RunReport report(int number) {
        return new PeerLost(Runs.spec(1).id(), 1, "w1", "w2", "reason " + number);
    }

    private static List<Long> sequences(List<Outbox.Entry> entries) {
        return entries.stream().map(Outbox.Entry::sequence).toList();
    }

    @Example
    void unacknowledged_isRepeatedInOrderOnceASecond() {
        Outbox outbox = new Outbox(10, 1_000);
        outbox.add(report(1));
        outbox.add(report(2));
        outbox.add(report(3));
        assertThat(sequences(outbox.newest())).containsExactly(3L);
        assertThat(sequences(outbox.due(5_000))).containsExactly(1L, 2L, 3L);
        assertThat(outbox.due(5_999)).isEmpty();
        outbox.acknowledged(2);
        assertThat(sequences(outbox.due(6_000))).containsExactly(1L, 3L);
        assertThat(sequences(outbox.all(6_001))).containsExactly(1L, 3L);
        outbox.acknowledged(1);
        outbox.acknowledged(3);
        assertThat(outbox.due(9_000)).isEmpty();
        assertThat(outbox.newest()).isEmpty();
    }

    @Example
    void sameReport_waitsOnce() {
        Outbox outbox = new Outbox(10, 1_000);
        outbox.add(report(1));
        outbox.add(report(1));
        assertThat(sequences(outbox.all(0))).containsExactly(1L);
        outbox.acknowledged(1);
        outbox.add(report(1));
        assertThat(sequences(outbox.all(0))).containsExactly(2L);
    }

    @Example
    void fullOutbox_dropsTheOldest() {
        Outbox outbox = new Outbox(2, 1_000);
        assertThat(outbox.add(report(1))).isFalse();
        assertThat(outbox.add(report(2))).isFalse();
        assertThat(outbox.add(report(3))).isTrue();
        assertThat(sequences(outbox.all(0))).containsExactly(2L, 3L);
    }

    @Property(tries = 200)
    void whatIsNotAcknowledged_waits(@ForAll List<@IntRange(min = 1, max = 30) Integer> acknowledged) {
        Outbox outbox = new Outbox(100, 1_000);
        TreeSet<Long> expected = new TreeSet<>();
        for (int i = 1; i <= 20; i++) {
            outbox.add(report(i));
            expected.add((long) i);
        }
        for (int sequence : acknowledged) {
            outbox.acknowledged(sequence);
            expected.remove((long) sequence);
        }
        assertThat(sequences(outbox.all(0))).containsExactlyElementsOf(expected);
    }
}
