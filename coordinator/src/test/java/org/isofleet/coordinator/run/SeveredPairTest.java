package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.RunNeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two workers that cannot reach each other, though the coordinator reaches both. */
class SeveredPairTest {
    @ParameterizedTest
    @CsvSource({"1, 8", "2, 16", "3, 32", "7, 512"})
    void pairThatCannotMeet_isTriedAgainAfterTwiceTheTime(int times, double seconds) {
        RunStory story = severed(times).prepared("w0").running("w0").later(seconds - 0.1);
        assertThat(story.woken().outcome()).isEmpty();
        assertThat(story.later(0.1).woken().outcome())
                .singleElement()
                .asString()
                .startsWith("w1 <- follow w0");
        assertThat(story.cannotFollow("w1").outcome()).first().asString().endsWith("[w0, w1] JOINED reached 0");
    }

    @Test
    void pairThatCannotMeet_isNamedWithItsAddressFromTheSecondTimeOn() {
        assertThat(warnings(severed(1))).isEmpty();
        assertThat(warnings(severed(2)))
                .singleElement()
                .asString()
                .contains("worker w0 lost w1 at 127.0.0.1:4000 2 times", "(reset)", "for 16 s", "--host");
    }

    @Test
    void workerThatCannotBeReached_isLeftToOtherRunsFromTheSecondTimeOn() {
        assertThat(avoided(severed(1))).isEmpty();
        assertThat(avoided(severed(2))).containsExactly("w1");
    }

    @Test
    void pairThatTrainedTogether_isNotInDoubtForLonger() {
        RunStory story =
                severed(3).prepared("w0").running("w0").later(32).woken().cannotFollow("w1");
        story.prepared("w0").prepared("w1").running("w0").running("w1");
        story.holding("w0", 5).staffed().lost("w0", "w1");
        assertThat(warnings(story)).isEmpty();
        story.prepared("w0").running("w0").later(8).woken().caughtUp("w1", 5);
        assertThat(story.outcome()).first().asString().endsWith("[w0, w1] JOINED reached 5");
    }

    /** Generation 1 and every second one after it are w0 and w1, which lose each other; the ones between are w0 alone. */
    private static RunStory severed(int times) {
        RunStory story = RunStory.starting().lost("w0", "w1");
        for (int i = 1; i < times; i++) {
            story.prepared("w0").running("w0").later(8 << (i - 1)).woken().cannotFollow("w1");
            story.prepared("w0").prepared("w1").lost("w0", "w1");
        }
        return story;
    }

    private static List<String> warnings(RunStory story) {
        return story.last().effects().stream()
                .filter(e -> e instanceof RunEffect.Publish publish && publish.event() instanceof LiveEvent.Warning)
                .map(e -> ((LiveEvent.Warning) ((RunEffect.Publish) e).event()).text())
                .toList();
    }

    private static List<String> avoided(RunStory story) {
        return story.last().effects().stream()
                .filter(RunEffect.Need.class::isInstance)
                .flatMap(e -> ((RunEffect.Need) e).need().avoided().stream())
                .map(RunNeed.Holding::workerId)
                .toList();
    }
}
