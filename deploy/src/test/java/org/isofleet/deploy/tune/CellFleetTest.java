package org.isofleet.deploy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.coordinator.plan.StudyFile;
import org.isofleet.coordinator.plan.TuningCells;
import org.isofleet.coordinator.plan.TuningPoint;
import org.isofleet.coordinator.plan.TuningRule;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.TuningGrid;
import org.isofleet.worker.data.HeapImages;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellFleetTest {
    private static final double UNIFORM = 3 * Math.log(4);
    private static final List<Double> RATES = List.of(1e-2, 1e-6, 2e-2, 3e-2, 4e-2);
    private static final StudySpec STUDY = StudyFile.parse(
            "name = t\nbudgets = [1e8]\nmodels = [1x8]\nimages { levels = 4, resolutions = [4] }", "t.conf");

    @TempDir
    Path folder;

    @Test
    void cells_areTrainedInOrderOnSeveralThreads_andLeaveNothing() throws Exception {
        List<TuningPoint> points = train((reference, shape) -> images(200, 8), RATES);
        assertThat(points).hasSize(12).extracting(TuningPoint::learningRate).startsWith(1e-6, 1e-6, 1e-2, 1e-2);
        assertThat(points.get(0).loss()).isBetween(0.9 * UNIFORM, 1.5 * UNIFORM);
        assertThat(points.get(2).loss()).isLessThan(0.6 * UNIFORM);
        assertThat(points).allMatch(point -> point.steps() > 100 && point.seconds() > 0);
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void imagesWithoutValidation_areRefused() {
        assertThatThrownBy(() -> train((reference, shape) -> images(200, 0), RATES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no validation split");
    }

    @Test
    void failureOfOneTrainer_endsTheTraining_thoughAnotherIsBusy() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ImageSets images = (reference, shape) -> {
            if (!Thread.currentThread().getName().endsWith("tuner-0")) {
                throw new IOException("no images");
            }
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("let go");
        };
        TuningCells cells = cells(RATES);
        try (CellFleet fleet = new CellFleet(2, Dl4jEngine.factory(), images, 0, folder)) {
            CompletableFuture<Void> training = CompletableFuture.runAsync(() -> {
                try {
                    fleet.train(cells.grid(), point -> {});
                } catch (IOException | InterruptedException e) {
                    throw new CompletionException(e);
                }
            });
            assertThatThrownBy(() -> training.get(20, TimeUnit.SECONDS)).hasMessageContaining("no images");
            release.countDown();
        }
    }

    @Test
    void cellThatDiverges_hasAnInfiniteLoss() throws Exception {
        TuningCells cells = cells(List.of(1e30, 1e31, 1e32, 1e33, 1e34));
        try (CellFleet fleet =
                new CellFleet(1, Dl4jEngine.factory(), (reference, shape) -> images(200, 8), 0, folder)) {
            assertThat(fleet.train(cells.grid().subList(0, 1), point -> {}))
                    .extracting(TuningPoint::loss)
                    .containsExactly(Double.POSITIVE_INFINITY);
        }
    }

    @Test
    void tuningThatIsRefused_keepsItsPoints() throws Exception {
        PointsFile kept = PointsFile.beside(folder.resolve("t.json"));
        TuningGrid grid = grid(new Budget(2e6), List.of(1e-7, 2e-7, 3e-7, 4e-7, 5e-7)); // far below every optimum
        ImageSetRef images = new ImageSetRef("heap:", images(200, 8).sha256(), 200);
        try (CellFleet fleet = new CellFleet(
                2, Dl4jEngine.factory(), (reference, shape) -> images(200, 8), 0, folder.resolve("cells"))) {
            Tuner tuner = new Tuner(fleet, kept, line -> {});
            assertThatThrownBy(() -> tuner.tune(STUDY, grid, images, "made"))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("lie inside the rates tried");
        }
        assertThat(Files.readAllLines(kept.path()))
                .hasSize(90)
                .allSatisfy(line -> assertThat(line).contains("\"learning_rate\":", "\"loss\":"));
        kept.delete();
        assertThat(kept.path()).doesNotExist();
    }

    private List<TuningPoint> train(ImageSets images, List<Double> rates) throws Exception {
        TuningCells cells = cells(rates);
        try (CellFleet fleet = new CellFleet(2, Dl4jEngine.factory(), images, 0, folder)) {
            return fleet.train(cells.check(new TuningRule(2.5e-2, 0, 0, 0.99, "")), point -> {});
        }
    }

    private static TuningCells cells(List<Double> rates) {
        return new TuningCells(
                STUDY,
                grid(new Budget(1e8), rates),
                new ImageSetRef("heap:", images(200, 8).sha256(), 200));
    }

    private static TuningGrid grid(Budget budget, List<Double> rates) {
        return new TuningGrid(
                budget,
                List.of(new ModelSize(1, 8, 1), new ModelSize(1, 10, 1), new ModelSize(1, 12, 1)),
                rates,
                List.of(1, 2, 4),
                List.of(0.95, 0.99),
                new ModelSize(1, 14, 1),
                2,
                0);
    }

    /** Images of one colour that drifts: easily learned. */
    private static HeapImages images(int train, int validation) {
        return new HeapImages(
                4,
                3,
                4,
                List.of("all"),
                Map.of(Split.TRAIN, content(train, 1), Split.VALIDATION, content(validation, 2)));
    }

    private static HeapImages.Content content(int count, long seed) {
        Random random = new Random(seed);
        byte[] values = new byte[count * 48];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 16 == 0 ? random.nextInt(4) : values[i - 1]);
        }
        return new HeapImages.Content(values, new int[count]);
    }
}
