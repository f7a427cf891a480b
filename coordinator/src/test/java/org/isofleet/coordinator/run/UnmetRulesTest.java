package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.run.RunStory.A;
import static org.isofleet.coordinator.run.RunStory.B;

import java.util.List;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.MemoryEstimate;
import org.junit.jupiter.api.Test;

/** The policy's limit is ten minutes, the grace eight seconds. */
class UnmetRulesTest {
    private static final KernelClass TORCH = new KernelClass("torch-2", "gpu", "fp32");
    private static final String PINNED = "no worker of kernel class dl4j-1/a/fp32; present are dl4j-1/b/fp32";

    @Test
    void pinnedRun_whoseClassIsGone_saysSoOnceAfterTheGrace() {
        RunStory story = orphaned().present(B).staffed();
        assertThat(story.later(7.9).woken().last().effects()).noneMatch(RunEffect.Publish.class::isInstance);
        assertThat(shown(story.later(0.1).woken())).containsExactly("WAITING " + PINNED);
        assertThat(shown(story.later(1).woken())).isEmpty();
    }

    @Test
    void pinnedRun_whoseClassStaysAway_isParkedAfterTheLimit() {
        RunStory story = orphaned().present(B).staffed().later(599.9).woken();
        assertThat(story.phase()).isEqualTo("waiting");
        assertThat(story.later(0.1).woken().history().settled()).satisfies(end -> {
            assertThat(end.outcome()).isEqualTo(RunOutcome.PARKED);
            assertThat(end.reason()).isEqualTo(PINNED + ", for 10 minutes");
        });
    }

    @Test
    void pinnedRun_whoseClassComesBack_goesOn() {
        RunStory story = orphaned().present(B).staffed().later(599).woken();
        story.present(A, B).staffed().later(100).present(B).staffed();
        assertThat(story.phase()).isEqualTo("waiting");
        assertThat(story.present(A, B).seat("w5").staffed().outcome()).contains("begun 2 [w5] LOST reached 10");
    }

    @Test
    void run_asksForWorkers_withTheMemoryThatItsShapeTakes() {
        RunStory story = RunStory.waiting();
        assertThat(story.last().effects())
                .filteredOn(RunEffect.Need.class::isInstance)
                .singleElement()
                .extracting(effect -> ((RunEffect.Need) effect).need().memory())
                .isEqualTo(MemoryEstimate.worker(TestPlans.spec(100, 1)));
    }

    @Test
    void run_forWhichNoWorkerHasTheMemory_saysHowMuch_andGoesOnWhenOneComes() {
        RunStory story = RunStory.waiting().roomy().staffed();
        assertThat(shown(story.later(8).woken()))
                .singleElement()
                .asString()
                .matches(
                        "WAITING no worker has the memory for it, \\d+ MiB with one thread and \\d+ MiB with two: start one with"
                                + " --memory \\d+MiB or more");
        assertThat(story.later(300).roomy(A).seat("w1").staffed().phase()).isEqualTo("gathering +1s");
    }

    @Test
    void run_forWhichNoWorkerHasTheMemory_isParkedAfterTheLimit() {
        RunStory story = RunStory.waiting().roomy().staffed().later(600).woken();
        assertThat(story.history().settled()).satisfies(end -> {
            assertThat(end.outcome()).isEqualTo(RunOutcome.PARKED);
            assertThat(end.reason()).startsWith("no worker has the memory for it");
        });
    }

    @Test
    void metric_takesAnyWorker_whateverItsMemory() {
        RunStory story = RunStory.trained(EvaluationKind.HELD_OUT_LOSS)
                .roomy()
                .staffed()
                .later(8)
                .woken();
        assertThat(shown(story)).isEmpty();
    }

    @Test
    void run_withoutAnyWorker_waitsForEver() {
        RunStory story = orphaned().present().staffed().later(8).woken();
        assertThat(shown(story)).containsExactly("WAITING no worker of kernel class dl4j-1/a/fp32; present are none");
        assertThat(story.later(100_000).woken().phase()).isEqualTo("waiting");
    }

    @Test
    void freshRun_whoseEngineIsNotThere_saysSo() {
        RunStory story = RunStory.waiting().present(TORCH).staffed().later(8).woken();
        assertThat(shown(story))
                .containsExactly("WAITING no worker of engine dl4j with precision fp32; present are torch-2/gpu/fp32");
    }

    @Test
    void metric_thatNobodyCanCompute_isGivenUpAfterTheLimit() {
        RunStory story =
                RunStory.trained(EvaluationKind.HELD_OUT_LOSS).present(TORCH).staffed();
        assertThat(shown(story.later(8).woken()))
                .singleElement()
                .asString()
                .startsWith("EVALUATING no worker of engine dl4j");
        assertThat(story.later(592).woken().history().settled()).satisfies(end -> {
            assertThat(end.outcome()).isEqualTo(RunOutcome.DONE);
            assertThat(end.reason()).startsWith("HELD_OUT_LOSS was given up: no worker of engine dl4j");
        });
    }

    @Test
    void metric_ofARunWhoseClassIsGone_waitsForAnyWorkerOfTheEngine() {
        RunStory story = RunStory.trained(EvaluationKind.HELD_OUT_LOSS)
                .present(B)
                .staffed()
                .later(10_000)
                .woken();
        assertThat(story.phase()).isEqualTo("evaluating");
        assertThat(shown(story)).isEmpty();
    }

    /** A checkpoint pins it to class A; all its workers are gone. */
    private static RunStory orphaned() {
        return RunStory.training()
                .committed("w0", 10)
                .later(8)
                .leaves("w0")
                .leaves("w1")
                .staffed();
    }

    private static List<String> shown(RunStory story) {
        return story.last().effects().stream()
                .filter(e -> e instanceof RunEffect.Publish publish && publish.event() instanceof LiveEvent.RunChanged)
                .map(e -> (LiveEvent.RunChanged) ((RunEffect.Publish) e).event())
                .map(changed -> changed.state() + " " + changed.reason())
                .toList();
    }
}
