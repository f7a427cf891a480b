package org.isofleet.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.Staffing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker that is too small for a run is not given to it, however much it is wanted. */
class MemoryPlacementTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1100, w1:1", // 1000 and 100 for its thread
        "1, 1099, ''",
        "4, 1400, w1:1",
        "4, 1399, ''"
    })
    void worker_joinsOnlyWithTheMemoryForItsThreads(int threads, long memory, String assignments) {
        PlacementStory story = new PlacementStory().taking(1000, 100).sized("w1", threads, memory);
        assertThat(story.trains(1, 1).assignments()).isEqualTo(assignments);
    }

    @Test
    void smallWorkers_areLeftToSmallRuns() {
        PlacementStory story = new PlacementStory().sized("small", 1, 500).sized("wide", 1, 2000);
        story.taking(1000, 0).trains(1, 2).taking(100, 0).trains(2, 1);
        assertThat(story.assignments()).isEqualTo("small:2 wide:1");
    }

    @Test
    void idleWorker_thatIsTooSmall_doesNotJoinForItsGain() {
        PlacementStory story = new PlacementStory().taking(1000, 0).sized("w1", 1, 2000);
        story.trains(1, 1, new Growth(4, 1000, 5)).sized("small", 1, 999).sized("wide", 1, 1000);
        assertThat(story.assignments()).isEqualTo("w1:1 wide:1");
    }

    @Test
    void memberThatWorks_isKept_whateverIsEstimated() {
        PlacementStory story = new PlacementStory().sized("w1", 1, 2000).trains(1, 1);
        story.taking(5000, 0).trains(1, 1, "w1");
        assertThat(story.assignments()).isEqualTo("w1:1");
        PlacementStory anew =
                new PlacementStory().taking(5000, 0).sized("w1", 1, 2000).trains(1, 1, "w1");
        assertThat(anew.assignments()).isEqualTo("w1:1");
    }

    @Test
    void run_isToldWhichClassesHaveTheMemory() {
        PlacementStory story =
                new PlacementStory().taking(1000, 0).sized("w1", 1, 999).trains(1, 1);
        Staffing said = story.staffing();
        assertThat(said.group()).isEmpty();
        assertThat(said.present()).isEqualTo(List.of(PlacementStory.A));
        assertThat(said.roomy()).isEmpty();
        assertThat(story.sized("w2", 1, 1000).staffing().roomy()).isEqualTo(List.of(PlacementStory.A));
    }
}
