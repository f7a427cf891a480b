package org.isofleet.worker.pack;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.PackedFolder;
import org.isofleet.worker.data.PackedSetWriter;
import org.jspecify.annotations.Nullable;

/**
 * Packs a source in two passes. The first reads all images in their order and decodes them into segments of a fixed number of images; a
 * segment that an earlier start completed is read past. The second puts the segments together, in their order, into packed sets. So the
 * bytes depend neither on the threads nor on where an earlier start was killed.
 */
final class Packing {
    private static final int SEGMENT_BYTES = 1 << 24;
    private static final int SEGMENT_IMAGES = 2048;

    private final SampleSource source;
    private final PackingOptions options;
    private final SegmentFolder folder;
    private final SplitRule splits;
    private final RejectLimit limit;
    private final int segmentImages;

    private long read;
    private long rejected;
    private long enlarged;
    private String firstReject = "";
    private int largestLabel;
    private int segments;
    private final Map<Split, Long> counts = new EnumMap<>(Split.class);

    Packing(SampleSource source, PackingOptions options, SplitRule splits, SegmentFolder folder, int segmentImages) {
        this.source = source;
        this.options = options;
        this.folder = folder;
        this.splits = splits;
        this.limit = new RejectLimit(options.maxRejected(), source.expected());
        this.segmentImages = segmentImages;
    }

    /** Images of a segment, which is what a kill can cost of each: a fixed number for the same options. */
    static int segmentImages(PackingOptions options) {
        return Math.max(1, Math.min(SEGMENT_IMAGES, SEGMENT_BYTES / options.imageBytes()));
    }

    /** What decides the bytes of every segment: another text, other work. */
    static String work(SampleSource source, PackingOptions options, SplitRule splits, int segmentImages) {
        return String.join(
                "\n",
                "isofleet packing 1",
                source.format(),
                source.fingerprint(),
                "resolutions " + options.resolutions(),
                "channels " + options.channels(),
                "validation " + splits.share(Split.VALIDATION),
                "test " + splits.share(Split.TEST),
                "images of a segment " + segmentImages);
    }

    /** Decodes what is not decoded yet. */
    void decode() throws IOException {
        try (SampleSource.Reader reader = source.open();
                Decoding decoding = new Decoding(options, splits);
                Segments growing = new Segments()) {
            long given = 0;
            Segment done = null;
            for (Sample sample = reader.next(); sample != null; sample = reader.next()) {
                if (given % segmentImages == 0) {
                    done = takeOver(given, decoding, growing);
                }
                if (done == null) {
                    while (decoding.isFull(sample)) {
                        growing.add(decoding.take());
                    }
                    decoding.give(sample);
                }
                given++;
            }
            while (!decoding.isIdle()) {
                growing.add(decoding.take());
            }
            growing.finish();
            if (read != given) {
                throw new ImageSetException("the source changed while it was packed: it had " + read
                        + " images and has " + given + "; start again");
            }
        }
        limit.check(read, rejected, firstReject, true);
        requireImages();
    }

    private @Nullable Segment takeOver(long given, Decoding decoding, Segments growing) throws IOException {
        Optional<Segment> found = folder.find(Math.toIntExact(given / segmentImages));
        if (found.isPresent()) {
            while (!decoding.isIdle()) {
                growing.add(decoding.take());
            }
            growing.finish();
            count(found.get());
        }
        return found.orElse(null);
    }

    /** Segments that are written, one after the other. */
    private final class Segments implements AutoCloseable {
        private SegmentFolder.@Nullable Writer writer;

        void add(Decoding.Outcome outcome) throws IOException {
            SegmentFolder.Writer segment = writer;
            if (segment == null) {
                segment = folder.begin(segments);
                writer = segment;
            }
            byte[] pixels = outcome.pixels();
            if (pixels != null) {
                segment.add(outcome.split(), outcome.label(), pixels, outcome.enlarged());
            } else {
                segment.reject(outcome.name(), outcome.damage());
                checkEarly(outcome, segment);
            }
            if (segment.read() == segmentImages) {
                finish();
            }
        }

        /** Stops as soon as the images that are damaged are too many, not only when their segment is whole. */
        private void checkEarly(Decoding.Outcome outcome, SegmentFolder.Writer segment) throws ImageSetException {
            if (firstReject.isEmpty()) {
                firstReject = outcome.name() + ", which " + outcome.damage();
            }
            limit.check(read + segment.read(), rejected + segment.rejected(), firstReject, false);
        }

        void finish() throws IOException {
            SegmentFolder.Writer segment = writer;
            if (segment != null) {
                writer = null;
                count(segment.finish());
            }
        }

        @Override
        public void close() throws IOException {
            if (writer != null) {
                writer.close();
            }
        }
    }

    private void count(Segment segment) throws ImageSetException {
        segments++;
        read += segment.read();
        rejected += segment.rejects().size();
        enlarged += segment.enlarged();
        segment.splits().forEach(split -> counts.merge(split, 1L, Long::sum));
        for (int label : segment.labels()) {
            largestLabel = Math.max(largestLabel, label);
        }
        if (firstReject.isEmpty() && !segment.rejects().isEmpty()) {
            firstReject = segment.rejects().get(0).name() + ", which "
                    + segment.rejects().get(0).reason();
        }
        limit.check(read, rejected, firstReject, false);
    }

    private long count(Split split) {
        return counts.getOrDefault(split, 0L);
    }

    private void requireImages() throws ImageSetException {
        for (Split split : Split.values()) {
            boolean wanted = split == Split.TRAIN || splits.own().contains(split) || splits.share(split) > 0;
            if (wanted && count(split) == 0) {
                throw new ImageSetException("none of the " + (read - rejected) + " images is in the split "
                        + split.name().toLowerCase(java.util.Locale.ROOT)
                        + "; pack more images or other shares (--validation-share, --test-share)");
            }
        }
    }

    /** Puts the segments together and reads all of it back. */
    PackingReport assemble() throws IOException {
        Path set = folder.emptySet();
        List<PackedSetWriter> writers = new ArrayList<>();
        try {
            List<String> classes = source.classes(largestLabel);
            for (int side : options.resolutions()) {
                writers.add(new PackedSetWriter(set, side, options.channels(), classes));
            }
            writers.get(0).requireSpace((read - rejected) * (options.imageBytes() + 64L));
            try (BufferedWriter rejects = Files.newBufferedWriter(set.resolve(PackingReport.REJECTED))) {
                for (int number = 0; number < segments; number++) {
                    Segment segment = folder.find(number)
                            .orElseThrow(() -> new ImageSetException(
                                    folder.set().getParent() + " was changed while it was packed; start again"));
                    try (InputStream images = folder.open(number)) {
                        copy(segment, images, writers);
                    }
                    for (Segment.Reject reject : segment.rejects()) {
                        rejects.write(oneField(reject.name()) + "\t" + oneField(reject.reason()) + "\n");
                    }
                }
            }
            if (rejected == 0) {
                Files.delete(set.resolve(PackingReport.REJECTED));
            }
            for (PackedSetWriter writer : writers) {
                writer.commit();
            }
        } finally {
            for (PackedSetWriter writer : writers) {
                writer.close();
            }
        }
        List<PackedFolder.Contents> contents = PackedFolder.verify(set);
        for (PackedFolder.Contents packed : contents) {
            if (packed.train() != count(Split.TRAIN)
                    || packed.validation() != count(Split.VALIDATION)
                    || packed.test() != count(Split.TEST)) {
                throw new IllegalStateException("packed others than were decoded: " + packed);
            }
        }
        return new PackingReport(source.format(), read, rejected, enlarged, contents);
    }

    private void copy(Segment segment, InputStream images, List<PackedSetWriter> writers) throws IOException {
        byte[] image = new byte[options.imageBytes()];
        for (int i = 0; i < segment.images(); i++) {
            if (images.readNBytes(image, 0, image.length) < image.length) {
                throw new ImageSetException(folder.set().getParent() + " was changed while it was packed; start again");
            }
            int at = 0;
            for (int w = 0; w < writers.size(); w++) {
                writers.get(w).add(segment.splits().get(i), segment.labels()[i], image, at);
                int side = options.resolutions().get(w);
                at += options.channels() * side * side;
            }
        }
    }

    private static String oneField(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
