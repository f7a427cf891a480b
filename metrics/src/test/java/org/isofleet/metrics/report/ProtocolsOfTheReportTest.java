package org.isofleet.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProtocolsOfTheReportTest {
    private StudyView view = StudyView.EMPTY;
    private int resolution;

    @BeforeEach
    void simulate() {
        view = SimulatedStudy.finished();
        resolution = IsoflopProfiles.resolutions(view).get(0);
    }

    @Test
    void place_ofTheImages_isNoPartOfAProtocol() {
        String here = "linear probe/1: /a b/c:0123456789ab at 16, 3 channels of 32 levels, 10 train";
        String there = "linear probe/1: images:0123456789ab at 16, 3 channels of 32 levels, 10 train";
        assertThat(CommonProtocol.comparable(here))
                .isEqualTo(CommonProtocol.comparable(there))
                .isEqualTo("linear probe/1: 0123456789ab at 16, 3 channels of 32 levels, 10 train");
        assertThat(CommonProtocol.comparable(here.replace("ab at", "ac at")))
                .isNotEqualTo(CommonProtocol.comparable(there));
        assertThat(CommonProtocol.among(List.of(there, "other", here, "other", here)))
                .contains(CommonProtocol.comparable(here));
        assertThat(CommonProtocol.among(List.of("b", "a"))).contains("a");
        assertThat(CommonProtocol.among(List.of())).isEmpty();
    }

    @Test
    void runOfAnotherProtocol_isInTheTableAndOnNoCurve() {
        List<RunView> before = CommonProtocol.runs(view, "fd", resolution);
        assertThat(before).hasSizeGreaterThan(3);
        RunView moved = before.get(0);
        view = remeasured(moved, "completions/1 A: others");

        assertThat(CommonProtocol.runs(view, "fd", resolution))
                .extracting(RunView::id)
                .containsExactlyElementsOf(
                        before.stream().skip(1).map(RunView::id).toList());
        assertThat(CommonProtocol.others(view, "fd", resolution)).isEqualTo(1);
        assertThat(CommonProtocol.others(view, "loss", resolution)).isZero();
        assertThat(IsoflopProfiles.of(view, "fd", resolution).profiles())
                .flatExtracting(IsoflopProfiles.Profile::points)
                .extracting(point -> point.run().id())
                .hasSize(before.size() - 1)
                .doesNotContain(moved.id());
        assertThat(Report.render(view))
                .contains("1 result by another protocol than the most; in the table of runs, and on no curve");
    }

    /** The same study, had the Fréchet distance of a run been another result. */
    private StudyView remeasured(RunView run, String protocol) {
        EvaluationResult.CompletionDistance was =
                run.result(EvaluationResult.CompletionDistance.class).orElseThrow();
        StudyView other = StudyView.EMPTY;
        for (LiveEvent event : SimulatedStudy.events()) {
            boolean meant = event instanceof LiveEvent.EvaluationRecorded recorded
                    && recorded.runId().equals(run.id())
                    && recorded.result().equals(was);
            other = other.with(
                    meant
                            ? new LiveEvent.EvaluationRecorded(
                                    event.at(),
                                    run.id(),
                                    ((LiveEvent.EvaluationRecorded) event).checkpointDigest(),
                                    new EvaluationResult.CompletionDistance(
                                            protocol,
                                            was.features(),
                                            0.0042,
                                            was.floor(),
                                            was.generated(),
                                            was.references(),
                                            was.temperature(),
                                            was.samplesPng(),
                                            was.measuredBy(),
                                            was.featuresSha256(),
                                            was.dimension(),
                                            was.infinity()))
                            : event);
        }
        return other;
    }
}
