package org.isofleet.metrics.report;

import java.io.IOException;
import java.nio.file.Path;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyFolder;

/** Writes the folder and report of a simulated study, for looking at; the argument is the folder. */
public final class ReportShow {
    private ReportShow() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        try (StudyFolder open = StudyFolder.open(folder)) {
            SimulatedStudy.events().forEach(open);
        }
        Report.write(folder);
    }
}
