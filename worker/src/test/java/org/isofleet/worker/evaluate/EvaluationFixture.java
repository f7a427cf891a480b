package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.checkpoint.DigestChain;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.checkpoint.Snapshot;
import org.isofleet.worker.checkpoint.StateDigests;
import org.isofleet.worker.data.HeapImages;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;

/** A run on coloured squares of three classes, its checkpoint in a folder, and tasks about it. */
final class EvaluationFixture {
    static final int TEST_IMAGES = 30;

    final ModelShape shape;
    final HeapImages images;
    final RunSpec spec;
    private final Path store;

    EvaluationFixture(Path store, ModelShape shape) {
        this.store = store;
        this.shape = shape;
        Map<Split, HeapImages.Content> splits = new EnumMap<>(Split.class);
        splits.put(Split.TRAIN, content(90, 1));
        splits.put(Split.VALIDATION, content(30, 2));
        splits.put(Split.TEST, content(TEST_IMAGES, 3));
        images = new HeapImages(
                shape.resolution(), shape.channels(), shape.levels(), List.of("dark", "middle", "bright"), splits);
        spec = new RunSpec(
                shape,
                new ImageSetRef("heap:squares", images.sha256(), 90),
                new Budget(1e9),
                10,
                4,
                4,
                OptimizerSpec.of(0.01, 0.95),
                ScheduleSpec.cosine(2, 0.1),
                "dl4j",
                "fp32",
                1,
                10,
                true);
    }

    /** Class k is around a third of the levels brighter than class k - 1, with noise. */
    private HeapImages.Content content(int count, long seed) {
        Random random = new Random(seed);
        int length = shape.channels() * shape.tokens();
        byte[] values = new byte[count * length];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 3;
            for (int j = 0; j < length; j++) {
                values[i * length + j] = (byte) (labels[i] * shape.levels() / 3 + random.nextInt(shape.levels() / 3));
            }
        }
        return new HeapImages.Content(values, labels);
    }

    /** Writes a checkpoint of these parameters. */
    CheckpointRef checkpoint(FlatVector parameters) throws IOException {
        FlatVector zeros = FlatVector.zeros(parameters.length());
        Snapshot snapshot = new Snapshot(spec, 1, 10, SampleLedger.EMPTY, 0, parameters, zeros, zeros);
        StateDigests digests = StateDigests.of(parameters, zeros, zeros, SampleLedger.EMPTY);
        return new CheckpointStore(store).write(snapshot, digests, DigestChain.EMPTY);
    }

    /** A checkpoint of zeros but for the first two parameters. */
    CheckpointRef checkpoint(float first, float second) throws IOException {
        FlatVector parameters = FlatVector.zeros(shape.allParams());
        parameters.write(0, new float[] {first, second}, 0, 2);
        return checkpoint(parameters);
    }

    WorkerCommand.Evaluate task(EvaluationKind kind, CheckpointRef checkpoint, EvaluationSpec evaluation) {
        return new WorkerCommand.Evaluate(spec, checkpoint, store.toString(), kind, evaluation);
    }

    /** Means of the channels over the upper and the lower half. */
    static final class HalfMeans implements ImageFeatures {
        @Override
        public String name() {
            return "half means, no FID";
        }

        @Override
        public String sha256() {
            return "";
        }

        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public float[][] features(PixelBatch images, int levels) {
            float[][] features = new float[images.images()][2];
            int length = images.channels() * images.tokens();
            for (int i = 0; i < images.images(); i++) {
                for (int j = 0; j < length; j++) {
                    int half = 2 * (j % images.tokens()) / images.tokens();
                    features[i][half] += 2f * (images.values()[i * length + j] & 0xFF) / (length * (levels - 1));
                }
            }
            return features;
        }
    }
}
