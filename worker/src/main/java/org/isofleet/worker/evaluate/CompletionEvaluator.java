package org.isofleet.worker.evaluate;

import java.io.IOException;
import org.isofleet.metrics.frechet.FrechetDistance;
import org.isofleet.metrics.frechet.GaussianMoments;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.PixelBatch;

/**
 * Fréchet distance between completions of test images, whose top halves are given, and training images. Its floor is the distance
 * between the same test images uncompleted and the same training images: what a perfect model would reach with these counts.
 *
 * <p>The key of a sample is a function of the seed and its number alone, so all runs of a study draw with the same random numbers, which
 * takes much of the sampling noise out of their comparison.
 */
final class CompletionEvaluator implements Evaluator {
    /** Keeps this use of a seed apart from others. */
    private static final long PURPOSE = 0x434F_4D50_4C45_5445L;

    private final Workbench workbench;
    private final ImageFeatures features;
    private final Baselines<Double> floors = new Baselines<>();
    private final Baselines<GaussianMoments> references = new Baselines<>();

    CompletionEvaluator(Workbench workbench, ImageFeatures features) {
        this.workbench = workbench;
        this.features = features;
    }

    @Override
    public EvaluationResult.CompletionDistance evaluate(WorkerCommand.Evaluate task)
            throws IOException, InterruptedException {
        EvaluationSpec spec = task.evaluation();
        try (Subject subject = Subject.open(task, workbench)) {
            ImageSample prompts = subject.sample(Split.TEST, spec.completions());
            ImageSample training = subject.sample(Split.TRAIN, spec.references());
            int generated = spec.completions();
            PixelBatch originals = prompts.batch(0, generated);
            PixelBatch completed = complete(subject, prompts.batch(0, generated), spec);
            GaussianMoments real = references.get(
                    subject.imageText() + ", " + training.count(),
                    () -> moments(subject, training.batch(0, training.count())));
            double distance = FrechetDistance.between(moments(subject, completed), real);
            String protocol = protocol(subject, prompts.count(), training.count(), spec);
            double floor = floors.get(protocol, () -> FrechetDistance.between(moments(subject, originals), real));
            String picture = SamplePicture.of(originals, completed, prompts.count(), subject.shape());
            return new EvaluationResult.CompletionDistance(
                    protocol,
                    features.name(),
                    distance,
                    floor,
                    generated,
                    training.count(),
                    spec.temperature(),
                    picture);
        }
    }

    private String protocol(Subject subject, int prompts, int references, EvaluationSpec spec) {
        return "completions/1: %s, top half given, temperature %s, %d completions of %d test images against %d train images, seed %d, %s"
                .formatted(
                        subject.imageText(),
                        spec.temperature(),
                        spec.completions(),
                        prompts,
                        references,
                        spec.seed(),
                        features.name());
    }

    private static PixelBatch complete(Subject subject, PixelBatch images, EvaluationSpec spec)
            throws InterruptedException {
        int resolution = subject.shape().resolution();
        int given = resolution / 2 * resolution;
        int length = images.channels() * images.tokens();
        subject.pool().forEach(images.images(), Subject.CHUNK, (lane, from, to) -> {
            byte[] part = java.util.Arrays.copyOfRange(images.values(), from * length, to * length);
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

    /** Moments of the features; taken in by number, so that their last bits do not depend on threads. */
    private GaussianMoments moments(Subject subject, PixelBatch images) throws InterruptedException {
        float[][] vectors = new float[images.images()][];
        int length = images.channels() * images.tokens();
        subject.pool().forEach(images.images(), 64, (lane, from, to) -> {
            byte[] part = java.util.Arrays.copyOfRange(images.values(), from * length, to * length);
            PixelBatch batch = new PixelBatch(to - from, images.channels(), images.tokens(), part);
            float[][] found = features.features(batch, subject.shape().levels());
            System.arraycopy(found, 0, vectors, from, to - from);
        });
        GaussianMoments moments = new GaussianMoments(features.dimension());
        for (float[] vector : vectors) {
            moments.add(vector);
        }
        return moments;
    }
}
