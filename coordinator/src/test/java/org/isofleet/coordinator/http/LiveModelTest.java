package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.StudyView;
import org.junit.jupiter.api.Test;

class LiveModelTest {
    private final GridStudy study = GridStudy.of(2, 6, 1);
    private final LiveModel model = new LiveModel(StudyView.EMPTY, List.of(), Clock.systemUTC());

    @Test
    void changes_tellOnlyWhatHasChangedAndOnlyOnce() {
        study.events().forEach(model);
        assertThat(changes().anew()).isTrue();
        assertThat(model.changes()).isNull();
        model.accept(study.progress(9, 1, 40));
        model.accept(study.seen("w1", study.id(9), 40));
        BoardChanges changes = changes();
        assertThat(changes.runs())
                .extracting(RunNow::id)
                .containsExactly(study.id(9).value());
        assertThat(changes.workers()).extracting(WorkerRow::id).containsExactly("w1");
        assertThat(changes.profiles()).isNull();
        assertThat(changes.log()).isEmpty();
        assertThat(changes.anew()).isFalse();
        assertThat(changes.sequence()).isEqualTo(2);
    }

    @Test
    void log_isToldLineByLine() {
        study.events().forEach(model);
        int before = changes().log().size();
        model.accept(new LiveEvent.Warning(GridStudy.AT.plusSeconds(900), null, "something odd"));
        assertThat(before).isPositive();
        assertThat(changes().log()).singleElement().matches(line -> line.text().equals("something odd"));
    }

    @Test
    void board_holdsAllUpToItsSequence() {
        study.events().forEach(model);
        changes();
        Board board = model.board();
        assertThat(board.sequence()).isEqualTo(1);
        assertThat(board.cells()).hasSize(12);
        assertThat(board.runs()).extracting(RunNow::state).contains("done", "training", "retrying", "parked");
        assertThat(board.profiles()).anySatisfy(profile -> {
            assertThat(profile.metric()).isEqualTo("loss");
            assertThat(profile.budgets())
                    .hasSize(2)
                    .anyMatch(budget -> !budget.points().isEmpty());
        });
        assertThat(board.curves()).hasSize(10);
    }

    @Test
    void folderOfAnEarlierStart_isShownFromTheFirst() {
        List<LiveEvent> events = study.events();
        StudyView view = StudyView.EMPTY;
        for (LiveEvent event : events) {
            view = view.with(event);
        }
        LiveModel later = new LiveModel(view, events, Clock.systemUTC());
        assertThat(later.run(study.id(0)).orElseThrow().checkpoints()).hasSize(1);
        assertThat(later.run(study.id(11)).orElseThrow().row().cell().position())
                .isEqualTo(11);
        assertThat(later.changes()).isNull();
    }

    @Test
    void why_tellsWhatHoldsARunUp() {
        study.events().forEach(model);
        assertThat(why(8)).anyMatch(text -> text.contains("it trains on w1: step"));
        assertThat(why(9)).anyMatch(text -> text.contains("worker w2 takes 2.4 times as long"));
        assertThat(why(8)).anyMatch(text -> text.contains("last warning: checkpoint of step 7"));
        assertThat(why(10)).anyMatch(text -> text.contains("tried again: a worker has too little memory"));
        assertThat(why(11)).anyMatch(text -> text.contains("given up: failed 3 times"));
        model.accept(study.change(11, RunState.WAITING, 4, List.of(), null));
    }

    @Test
    void why_ofARunThatWaits_tellsOfWorkers() {
        model.accept(new LiveEvent.StudyStarted(GridStudy.AT, study.plan));
        assertThat(why(3))
                .anyMatch(text -> text.contains("no worker lives"))
                .anyMatch(text -> text.contains("3 runs before it"));
        model.accept(study.seen("w1", study.id(0), 1));
        assertThat(why(3)).anyMatch(text -> text.contains("the only worker is busy"));
        model.accept(study.seen("w2", null, 0));
        assertThat(why(3)).anyMatch(text -> text.contains("1 of 2 workers idle"));
    }

    private List<String> why(int run) {
        return model.run(study.id(run)).orElseThrow().why();
    }

    private BoardChanges changes() {
        return Objects.requireNonNull(model.changes());
    }
}
