package org.isofleet.coordinator.plan;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.TuningGrid;

/** The runs of a tuning: the study's settings with the grid's rates, batches and beta2, at the study's first resolution and seed. */
public final class TuningCells {
    private final StudySpec study;
    private final TuningGrid grid;
    private final ImageSetRef images;

    /** @param images what the cells are trained on, as the study selects it */
    public TuningCells(StudySpec study, TuningGrid grid, ImageSetRef images) {
        this.study = study;
        this.grid = grid;
        this.images = images;
    }

    /** A cell to train, with the size that its points are filed under. */
    public record Cell(ModelSize size, RunSpec spec) {
        /** The point that comes of it. */
        public TuningPoint point(double loss, double seconds) {
            return new TuningPoint(
                    size,
                    (double) spec.shape().params(),
                    spec.batch(),
                    spec.optimizer().beta2(),
                    spec.optimizer().learningRate(),
                    spec.steps(),
                    spec.seed(),
                    loss,
                    seconds);
        }
    }

    /** Every combination of the grid. */
    public List<Cell> grid() {
        List<Cell> cells = new ArrayList<>();
        for (ModelSize size : grid.sizes()) {
            for (int batch : grid.batches()) {
                for (double beta2 : grid.beta2s()) {
                    for (double rate : grid.learningRates()) {
                        cells.add(cell(size, batch, beta2, rate, study.seeds().get(0)));
                    }
                }
            }
        }
        return List.copyOf(cells);
    }

    /** The check: the grid's rates, and last the rate that the rule names, at the check size and the middle batch, for each seed. */
    public List<Cell> check(TuningRule rule) {
        int batch = grid.batches().stream().sorted().toList().get(grid.batches().size() / 2);
        long firstSeed = study.seeds().get(0);
        List<Double> rates = new ArrayList<>(grid.learningRates());
        double params = (double) shape(grid.checkSize()).params();
        rates.add(rule.learningRate(params, batch));
        List<Cell> cells = new ArrayList<>();
        for (double rate : rates) {
            for (int i = 0; i < grid.checkSeeds(); i++) {
                cells.add(cell(grid.checkSize(), batch, rule.beta2(), rate, firstSeed + i));
            }
        }
        return List.copyOf(cells);
    }

    /** Judges a rule by the points of {@link #check}, in its order. */
    public TuningCheck judge(TuningRule rule, List<TuningPoint> points) {
        int predicted = points.size() - grid.checkSeeds();
        return TuningCheck.of(rule, points.subList(0, predicted), points.subList(predicted, points.size()));
    }

    private ModelShape shape(ModelSize size) {
        return size.shape(study.images(), study.images().resolutions().get(0));
    }

    private Cell cell(ModelSize size, int batch, double beta2, double rate, long seed) {
        RunSpec spec = CellSpecs.spec(study, images, grid.budget(), shape(size), batch, seed, rate, beta2);
        return new Cell(size, withoutScheduledCheckpoints(spec));
    }

    private static RunSpec withoutScheduledCheckpoints(RunSpec spec) {
        return new RunSpec(
                spec.shape(),
                spec.images(),
                spec.budget(),
                spec.steps(),
                spec.batch(),
                spec.virtualShards(),
                spec.optimizer(),
                spec.schedule(),
                spec.engine(),
                spec.precision(),
                spec.seed(),
                spec.steps(),
                spec.exact());
    }
}
