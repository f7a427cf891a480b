package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.PackedImageSets;
import org.isofleet.worker.data.PackedImages;
import org.isofleet.worker.pack.ImagePacking;
import org.isofleet.worker.pack.PackingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that a user has as files, from the files to a trained run. */
class PackedPicturesTest {
    private static final int SIDE = 16;

    @TempDir
    private Path temp;

    @Test
    void pngFilesOfTheEmbeddedImages_packed_areTheSamePixels_andTrain() throws IOException {
        PackedImageSets sets = PackedImageSets.inUserCache();
        Path source = temp.resolve("emoji");
        try (PackedImages embedded = sets.open("embedded:noto", SIDE, 3, 256)) {
            for (Split split : Split.values()) {
                writeFiles(embedded, split, source.resolve(split.name().toLowerCase(Locale.ROOT)));
            }
            Path packed = temp.resolve("packed");
            ImagePacking.pack(source.toString(), PackingOptions.standard(List.of(SIDE)), packed);
            try (PackedImages own = sets.open(packed.toString(), SIDE, 3, 256)) {
                assertThat(own.classes()).isEqualTo(embedded.classes());
                for (Split split : Split.values()) {
                    assertSame(own, embedded, split);
                }
            }
            train(sets, sets.reference(packed.toString(), SIDE));
        }
    }

    private static String name(PackedImages images, Split split, long index) {
        return "%s/%05d.png".formatted(images.classes().get(images.label(split, index)), index);
    }

    private static void writeFiles(PackedImages images, Split split, Path folder) throws IOException {
        byte[] values = new byte[3 * SIDE * SIDE];
        for (long i = 0; i < images.count(split); i++) {
            images.read(split, i, values, 0);
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < SIDE * SIDE; p++) {
                int rgb = (values[p] & 0xFF) << 16
                        | (values[SIDE * SIDE + p] & 0xFF) << 8
                        | (values[2 * SIDE * SIDE + p] & 0xFF);
                image.setRGB(p % SIDE, p / SIDE, rgb);
            }
            Path file = folder.resolve(name(images, split, i));
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
    }

    /** Files are packed class by class, and by name within a class. */
    private static void assertSame(PackedImages own, PackedImages embedded, Split split) {
        List<Long> order = java.util.stream.LongStream.range(0, embedded.count(split))
                .boxed()
                .sorted(java.util.Comparator.comparing(index -> name(embedded, split, index)))
                .toList();
        assertThat(own.count(split)).isEqualTo(order.size());
        byte[] one = new byte[3 * SIDE * SIDE];
        byte[] other = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < order.size(); i++) {
            own.read(split, i, one, 0);
            embedded.read(split, order.get(i), other, 0);
            assertThat(one).isEqualTo(other);
            assertThat(own.label(split, i)).isEqualTo(embedded.label(split, order.get(i)));
        }
    }

    private void train(PackedImageSets sets, ImageSetRef reference) throws IOException {
        RunSpec spec = new RunSpec(
                ModelShape.of(SIDE, 3, 16, 1, 32, 2),
                reference,
                new Budget(1e9),
                6,
                8,
                2,
                OptimizerSpec.of(0.01, 0.95),
                ScheduleSpec.cosine(2, 0.1),
                "dl4j",
                "fp32",
                1,
                3,
                true);
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = new LocalTrainingHost(
                "w1",
                1,
                "127.0.0.1",
                new byte[32],
                (shape, count, images) -> new BigramEngine(shape, count),
                sets,
                1,
                reports)) {
            host.prepare(new GroupPlan(
                    spec,
                    1,
                    List.of(new Member("w1", 1, host.bulkAddress())),
                    temp.resolve("store").toString()));
            reports.await(RunReport.GroupPrepared.class);
            host.start(spec.id(), 1, new StartPoint.Fresh());
            assertThat(reports.await(RunReport.TrainingFinished.class)
                            .checkpoint()
                            .step())
                    .isEqualTo(6);
        }
    }
}
