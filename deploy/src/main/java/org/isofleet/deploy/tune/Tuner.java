package org.isofleet.deploy.tune;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.isofleet.coordinator.plan.Tuning;
import org.isofleet.coordinator.plan.TuningCells;
import org.isofleet.coordinator.plan.TuningCheck;
import org.isofleet.coordinator.plan.TuningFit;
import org.isofleet.coordinator.plan.TuningPoint;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.TuningGrid;

/** Runs a tuning: trains the grid, fits the rule, trains the check. */
public final class Tuner {
    private final CellFleet fleet;
    private final Consumer<TuningPoint> kept;
    private final Consumer<String> log;

    /**
     * A tuner.
     *
     * @param kept hears of every point at once, on any thread
     * @param log hears a line for every cell
     */
    public Tuner(CellFleet fleet, Consumer<TuningPoint> kept, Consumer<String> log) {
        this.fleet = fleet;
        this.kept = kept;
        this.log = log;
    }

    /**
     * The tuning of a study.
     *
     * @param made how it is made: command, engine, machine
     * @throws org.isofleet.protocol.study.InvalidSpecException when the rates miss the optima
     */
    public Tuning tune(StudySpec study, TuningGrid grid, ImageSetRef images, String made)
            throws IOException, InterruptedException {
        TuningCells cells = new TuningCells(study, grid, images);
        List<TuningPoint> points = train(cells.grid());
        TuningFit fit = TuningFit.of(points, "isofleet tune");
        log.accept("rule: learning rate " + fit.rule() + ", residual factor " + fit.residual());
        TuningCheck check = cells.judge(fit.rule(), train(cells.check(fit.rule())));
        return new Tuning(study.name(), made, images.location() + " " + images.sha256(), grid, points, fit, check);
    }

    private List<TuningPoint> train(List<TuningCells.Cell> cells) throws IOException, InterruptedException {
        AtomicInteger done = new AtomicInteger();
        return fleet.train(
                cells,
                kept.andThen(point -> log.accept(String.format(
                        Locale.ROOT,
                        "%d/%d %s batch %d beta2 %s lr %.3e: %.4f nats a pixel, %d steps in %.1f s",
                        done.incrementAndGet(),
                        cells.size(),
                        point.size(),
                        point.batch(),
                        point.beta2(),
                        point.learningRate(),
                        point.loss(),
                        point.steps(),
                        point.seconds()))));
    }
}
