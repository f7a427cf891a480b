package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.util.Arrays;
import org.isofleet.metrics.probe.Accuracy;
import org.isofleet.metrics.probe.ProbeRule;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.train.Initialization;

/**
 * Linear probes on the mean-pooled features of every layer. Beside them what they must beat: the majority class, the same protocol on an
 * untrained network of the same shape, and the pixels themselves. The last two depend on the images and the shape alone and are computed
 * once.
 */
final class LinearProbeEvaluator implements Evaluator {
    /** Sets the untrained network apart from every run, whatever its seed. */
    private static final long UNTRAINED = 0x554E_5452_4149_4E44L;

    private final Workbench workbench;
    private final Baselines<Double> untrained = new Baselines<>();
    private final Baselines<Double> rawPixels = new Baselines<>();

    LinearProbeEvaluator(Workbench workbench) {
        this.workbench = workbench;
    }

    @Override
    public EvaluationResult.LinearProbe evaluate(WorkerCommand.Evaluate task) throws IOException, InterruptedException {
        ProbeProtocol protocol = task.evaluation().protocol().probe();
        ProbeRule rule = rule(protocol);
        try (Subject subject = Subject.open(task, workbench)) {
            LayerProbes.Splits splits = new LayerProbes.Splits(
                    subject.sample(Split.TRAIN, task.evaluation().probeImages()),
                    subject.sample(Split.VALIDATION, 0),
                    subject.sample(Split.TEST, 0),
                    subject.images().classes().size());
            LayerProbes trained = LayerProbes.fit(features(subject, splits, protocol), splits, rule, subject.pool());
            String data = "%s, %d train, %d validation and %d test images"
                    .formatted(
                            subject.imageText(),
                            splits.train().count(),
                            splits.validation().count(),
                            splits.test().count());
            double raw = rawPixels.get(
                    data + protocol,
                    () -> LayerProbes.fit(new float[][][] {rawPixels(subject, splits)}, splits, rule, subject.pool())
                            .top1());
            long seed = task.evaluation().seed() ^ UNTRAINED;
            double fresh = untrained.get(data + subject.shape() + seed + protocol, () -> {
                new Initialization(subject.shape(), seed).fill(subject.engine().parameters());
                subject.engine().parametersChanged();
                return LayerProbes.fit(features(subject, splits, protocol), splits, rule, subject.pool())
                        .top1();
            });
            return result(text(data, protocol), splits, trained, fresh, raw, protocol);
        }
    }

    private static ProbeRule rule(ProbeProtocol protocol) {
        return protocol == ProbeProtocol.FAST ? ProbeRule.FAST : ProbeRule.IGPT;
    }

    private static String text(String data, ProbeProtocol protocol) {
        return protocol == ProbeProtocol.FAST
                ? "linear probe/1: " + data + ", mean-pooled standardised features, L-BFGS of at most "
                        + ProbeRule.FAST.search().maxIterations()
                        + " steps a penalty, classes of equal weight, best layer and penalty by validation"
                : "linear probe/1 igpt: " + data + ", mean-pooled normalised features, L-BFGS of at most "
                        + ProbeRule.IGPT.search().maxIterations()
                        + " steps a penalty, images of equal weight, best layer and penalty by validation";
    }

    private static EvaluationResult.LinearProbe result(
            String text,
            LayerProbes.Splits splits,
            LayerProbes trained,
            double untrained,
            double raw,
            ProbeProtocol protocol) {
        int[] testLabels = splits.test().labels();
        int[] majority = new int[testLabels.length];
        Arrays.fill(majority, Accuracy.majority(splits.train().labels(), splits.classes()));
        return new EvaluationResult.LinearProbe(
                text,
                trained.best(),
                trained.top1(),
                trained.plain(),
                rule(protocol).accuracy(majority, testLabels, splits.classes()),
                Accuracy.plain(majority, testLabels),
                untrained,
                raw,
                trained.layers(),
                splits.train().count(),
                splits.test().count(),
                protocol,
                trained.top5());
    }

    private static float[][][] features(Subject subject, LayerProbes.Splits splits, ProbeProtocol protocol)
            throws InterruptedException {
        boolean normalised = protocol == ProbeProtocol.IGPT;
        float[][][] features = new float[subject.engine().featureNames().size()][splits.count()][];
        int offset = 0;
        for (ImageSample sample : new ImageSample[] {splits.train(), splits.validation(), splits.test()}) {
            int start = offset;
            subject.pool().forEach(sample.count(), Subject.CHUNK, (lane, from, to) -> {
                float[][][] part = subject.engine().features(lane, sample.batch(from, to), normalised);
                for (int layer = 0; layer < part.length; layer++) {
                    System.arraycopy(part[layer], 0, features[layer], start + from, to - from);
                }
            });
            offset += sample.count();
        }
        return features;
    }

    private static float[][] rawPixels(Subject subject, LayerProbes.Splits splits) {
        float[][] rows = new float[splits.count()][];
        int at = 0;
        for (ImageSample sample : new ImageSample[] {splits.train(), splits.validation(), splits.test()}) {
            PixelBatch batch = sample.batch(0, sample.count());
            for (int i = 0; i < sample.count(); i++) {
                rows[at++] = RawPixels.of(batch, i, subject.shape().resolution());
            }
        }
        return rows;
    }
}
