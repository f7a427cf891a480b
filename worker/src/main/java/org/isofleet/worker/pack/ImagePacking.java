package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.PackedFolder;

/** Packs images of any format that is known into a new folder, whole or not at all. */
public final class ImagePacking {
    private ImagePacking() {}

    /**
     * Packs images. What was done of it is kept in a hidden folder beside, {@code .NAME.packing}, when the process is killed or the disk
     * is full, and taken over by the next call for the same; it is deleted when the images are refused.
     *
     * @param location {@code embedded:noto} and the like, or the path of files in one of the formats
     * @param folder to be made, in one that is there
     * @throws ImageSetException with one line that names place and mend
     */
    public static PackingReport pack(String location, PackingOptions options, Path folder) throws IOException {
        if (PackedFolder.packsItself(location)) {
            return packed(location, PackedFolder.pack(location, options.resolutions(), folder));
        }
        Path target = PackedFolder.requireNew(folder);
        SampleSource source = SourceFormats.find(location);
        PackingOptions sized = sized(options, source);
        SplitRule splits = new SplitRule(source.splits(), options.validationShare(), options.testShare());
        Path work = target.resolveSibling("." + target.getFileName() + ".packing");
        int segmentImages = Packing.segmentImages(sized);
        if (!Files.exists(work)) {
            requireSpace(source, sized, Objects.requireNonNull(target.getParent()));
        }
        try (SegmentFolder segments =
                SegmentFolder.open(work, Packing.work(source, sized, splits, segmentImages), sized.imageBytes())) {
            Packing packing = new Packing(source, sized, splits, segments, segmentImages);
            try {
                packing.decode();
            } catch (ImageSetException | InvalidSpecException e) {
                segments.delete();
                throw e;
            }
            PackingReport report = packing.assemble();
            Files.move(segments.set(), target, StandardCopyOption.ATOMIC_MOVE);
            segments.delete();
            return report;
        }
    }

    private static PackingReport packed(String location, List<PackedFolder.Contents> sets) {
        PackedFolder.Contents first = sets.get(0);
        long images = first.train() + first.validation() + first.test();
        return new PackingReport(location.startsWith("embedded:") ? "embedded" : "idx", images, 0, 0, sets);
    }

    private static PackingOptions sized(PackingOptions options, SampleSource source) throws ImageSetException {
        if (!options.resolutions().isEmpty()) {
            return options;
        }
        if (source.side().isEmpty()) {
            throw new ImageSetException("images of format " + source.format()
                    + " have no side of their own; name those to pack them at, as --resolutions 16,32");
        }
        return options.withResolutions(List.of(source.side().getAsInt()));
    }

    /** Segments and packed sets lie on the disk side by side for a while. */
    private static void requireSpace(SampleSource source, PackingOptions options, Path folder) throws IOException {
        long needed = 2 * source.expected().orElse(0) * (options.imageBytes() + 64L);
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < needed) {
            throw new ImageSetException("no space in " + folder + ": packing needs " + needed + " bytes and " + usable
                    + " are free; free some or choose another folder");
        }
    }
}
