package org.isofleet.metrics.console;

import java.time.Duration;
import java.time.Instant;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.SimulatedStudy;

/** Plays a simulated study on the terminal, for looking at the console: arguments are the speed-up and the share to stop at. */
public final class ConsoleShow {
    private ConsoleShow() {}

    public static void main(String[] arguments) throws InterruptedException {
        double speed = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 1;
        double share = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1;
        var events = SimulatedStudy.events();
        Duration shift = Duration.between(SimulatedStudy.START, Instant.now());
        try (StudyConsole console = StudyConsole.open(false)) {
            Instant last = SimulatedStudy.START;
            for (LiveEvent event : events.subList(0, (int) (share * events.size()))) {
                Thread.sleep((long) (Duration.between(last, event.at()).toMillis() / speed));
                last = event.at();
                console.accept(SimulatedStudy.shifted(event, shift));
            }
            while (share < 1) {
                Thread.sleep(1000);
            }
        }
    }
}
