package org.isofleet.metrics.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tamboui.buffer.Buffer;
import dev.tamboui.layout.Rect;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
    private static final StudyView MIDDLE = SimulatedStudy.partial(0.72);
    private static final StudyView FINISHED = SimulatedStudy.finished();

    @ParameterizedTest
    @CsvSource({"80, 24", "120, 40", "200, 60"})
    void draw_inTheMiddleOfAStudy_showsEveryPart(int width, int height) {
        String screen = String.join("\n", lines(MIDDLE, width, height));

        assertThat(screen).contains("Grid", "IsoFLOP profiles", "Workers", "Log", "Loss · ");
        assertThat(screen).contains("1e11", "2e11", "4e11", "8e11", "elapsed", "left");
        assertThat(screen).as("the fit before the last run has trained").contains("N ∝ C^0.", "◆");
        assertThat(screen).contains("w2 lost: connection closed");
        assertThat(screen).as("curves in braille").containsPattern("[\u2801-\u28ff]");
    }

    @Test
    void draw_aFinishedStudy_showsEveryLossInItsCell() {
        String screen = String.join("\n", lines(FINISHED, 120, 40));

        FINISHED.runs()
                .forEach(run -> run.loss().ifPresent(loss -> assertThat(screen).contains(String.format("%.2f", loss))));
        assertThat(screen).contains("✕", "finished in 2:41", "27 of 27 runs · 100 %");
    }

    @Test
    void draw_atEverySize_staysInsideAndNeverFails() {
        for (int width = 1; width < 140; width += 7) {
            for (int height = 1; height < 50; height += 5) {
                assertThat(lines(MIDDLE, width, height)).hasSize(height);
                assertThat(lines(StudyView.EMPTY, width, height)).hasSize(height);
            }
        }
    }

    @Test
    void draw_onATinyTerminal_keepsTheProgress() {
        assertThat(lines(MIDDLE, 60, 8)).anySatisfy(line -> assertThat(line).contains("22 of 27 runs"));
    }

    @Test
    void draw_afterEachEvent_changesFewCells() {
        List<LiveEvent> events = SimulatedStudy.events();
        List<LiveEvent> middle = new ArrayList<>(events.subList(0, events.size() / 2));
        List<String> before = lines(SimulatedStudy.fold(middle), 120, 40);
        middle.add(events.get(events.size() / 2));
        List<String> after = lines(SimulatedStudy.fold(middle), 120, 40);

        int changed = 0;
        for (int i = 0; i < before.size(); i++) {
            changed += before.get(i).equals(after.get(i)) ? 0 : 1;
        }
        assertThat(changed).isLessThan(20);
    }

    private static List<String> lines(StudyView view, int width, int height) {
        Buffer buffer = Buffer.empty(Rect.of(width, height));
        Screen.draw(buffer, view, view.lastEventAt(), ZoneOffset.UTC);
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < height; y++) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < width; x++) {
                line.append(buffer.get(x, y).symbol());
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
