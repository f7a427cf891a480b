package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.util.Arrays;
import org.isofleet.metrics.frechet.FrechetDistance;
import org.isofleet.metrics.frechet.GaussianMoments;
import org.isofleet.metrics.frechet.InfiniteSamples;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.PixelBatch;

/**
 * Fréchet distance between completions of test images, whose top halves are given, and training images, at the model's resolution or at
 * one of their own. Its floor is the distance between the same test images uncompleted, at the model's resolution, and the same training
 * images: what a perfect model would reach with these counts.
 *
 * <p>The key of a sample is a function of the seed and its number alone, so all runs of a study draw with the same random numbers, which
 * takes much of the sampling noise out of their comparison.
 */
final class CompletionEvaluator implements Evaluator {
    /** Keeps this use of a seed apart from others. */
    private static final long PURPOSE = 0x434F_4D50_4C45_5445L;

    private final Workbench workbench;
    private final FeatureSource features;
    private final Baselines<Double> floors = new Baselines<>();
    private final Baselines<GaussianMoments> references = new Baselines<>();

    CompletionEvaluator(Workbench workbench, FeatureSource features) {
        this.workbench = workbench;
        this.features = features;
    }

    @Override
    public EvaluationResult.CompletionDistance evaluate(WorkerCommand.Evaluate task)
            throws IOException, InterruptedException {
        EvaluationSpec spec = task.evaluation();
        ImageFeatures network = features.of(spec.protocol().features());
        try (Subject subject = Subject.open(task, workbench);
                ReferenceImages training = ReferenceImages.open(subject, workbench)) {
            ImageSample prompts = subject.sample(Split.TEST, prompts(spec));
            FeatureMoments moments = new FeatureMoments(network, subject.pool());
            int levels = subject.shape().levels();
            int generated = spec.completions();
            PixelBatch completed = complete(subject, prompts.batch(0, generated), spec);
            GaussianMoments real = references.get(
                    training.text() + ", " + network.name(),
                    () -> moments.of(training.sample()::batch, training.count(), training.levels()));
            float[][] drawn = moments.vectors((from, to) -> part(completed, from, to), 0, generated, levels);
            double distance = FrechetDistance.between(FeatureMoments.of(drawn), real);
            String protocol = protocol(subject, prompts.count(), training, spec, network);
            double floor = floors.get(
                    protocol, () -> FrechetDistance.between(moments.of(prompts::batch, generated, levels), real));
            return new EvaluationResult.CompletionDistance(
                    protocol,
                    network.name(),
                    distance,
                    floor,
                    generated,
                    training.count(),
                    spec.temperature(),
                    SamplePicture.of(prompts.batch(0, generated), completed, prompts.count(), subject.shape()),
                    spec.protocol().distance(),
                    network.sha256(),
                    network.dimension(),
                    spec.protocol().infinity() ? InfiniteSamples.distance(drawn, real, spec.seed()) : null);
        }
    }

    /** Test images that are completed, at most. */
    private static int prompts(EvaluationSpec spec) {
        int samples = Math.max(1, spec.protocol().samplesPerPrompt());
        return (spec.completions() + samples - 1) / samples;
    }

    private static String protocol(
            Subject subject, int prompts, ReferenceImages references, EvaluationSpec spec, ImageFeatures network) {
        DistanceProtocol distance = spec.protocol().distance();
        return "completions/1%s: %s, top half given, temperature %s, %d completions of %d test images against %s, seed %d, %s"
                .formatted(
                        distance == DistanceProtocol.OWN ? "" : " " + distance,
                        subject.imageText(),
                        spec.temperature(),
                        spec.completions(),
                        prompts,
                        references.words(),
                        spec.seed(),
                        network.name());
    }

    private static PixelBatch part(PixelBatch images, int from, int to) {
        int length = images.channels() * images.tokens();
        byte[] part = Arrays.copyOfRange(images.values(), from * length, to * length);
        return new PixelBatch(to - from, images.channels(), images.tokens(), part);
    }

    private static PixelBatch complete(Subject subject, PixelBatch images, EvaluationSpec spec)
            throws InterruptedException {
        int resolution = subject.shape().resolution();
        int given = resolution / 2 * resolution;
        int length = images.channels() * images.tokens();
        subject.pool().forEach(images.images(), Subject.CHUNK, (lane, from, to) -> {
            byte[] part = Arrays.copyOfRange(images.values(), from * length, to * length);
            long[] keys = new long[to - from];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = key(spec.seed(), from + i);
            }
            PixelBatch batch = new PixelBatch(to - from, images.channels(), images.tokens(), part);
            subject.engine().complete(lane, batch, given, spec.temperature(), keys);
            System.arraycopy(part, 0, images.values(), from * length, part.length);
        });
        return images;
    }

    /** Two rounds of the finalizer of SplitMix64 (Steele, Lea and Flood 2014) over seed, purpose and number. */
    static long key(long seed, int number) {
        return mix(mix(seed ^ PURPOSE) + (number + 1) * 0x9E3779B97F4A7C15L);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
