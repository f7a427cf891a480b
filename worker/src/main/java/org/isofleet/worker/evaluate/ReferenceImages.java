package org.isofleet.worker.evaluate;

import java.io.IOException;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSet.Split;
import org.jspecify.annotations.Nullable;

/** The training images that completions are measured against: those of the model, or the same at a resolution of their own. */
final class ReferenceImages implements AutoCloseable {
    /** Values of a channel at a resolution of their own: what a picture has. */
    private static final int LEVELS = 256;

    private final Subject subject;
    private final @Nullable ImageSet own;
    private final ImageSample sample;

    private ReferenceImages(Subject subject, @Nullable ImageSet own, ImageSample sample) {
        this.subject = subject;
        this.own = own;
        this.sample = sample;
    }

    /** @throws IOException when they are missing, damaged or others than were planned with; one line */
    static ReferenceImages open(Subject subject, Workbench workbench) throws IOException {
        EvaluationProtocol protocol = subject.task().evaluation().protocol();
        int most = subject.task().evaluation().references();
        if (protocol.referenceResolution() == 0) {
            return new ReferenceImages(subject, null, subject.sample(Split.TRAIN, most));
        }
        ImageSetRef trained = subject.task().spec().images();
        ImageSetRef set = new ImageSetRef(trained.location(), protocol.referenceSha256(), trained.trainImages());
        // Of a shape, a set is opened by its resolution, channels and levels alone.
        ModelShape shape =
                ModelShape.of(protocol.referenceResolution(), subject.shape().channels(), LEVELS, 1, 2, 1);
        ImageSet images = workbench.imageSets().open(set, shape);
        return new ReferenceImages(subject, images, new ImageSample(images, Split.TRAIN, most));
    }

    ImageSample sample() {
        return sample;
    }

    int count() {
        return sample.count();
    }

    int levels() {
        return own == null ? subject.shape().levels() : own.levels();
    }

    /** What they are, as part of a protocol that names the model's images already. */
    String words() {
        return count() + " train images"
                + (own == null
                        ? ""
                        : " at %d, %d levels (%s)"
                                .formatted(
                                        own.resolution(),
                                        own.levels(),
                                        own.sha256().substring(0, 12)));
    }

    /** The same of itself. */
    String text() {
        return subject.imageText() + ", " + words();
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
