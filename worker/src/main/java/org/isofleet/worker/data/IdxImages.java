package org.isofleet.worker.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.isofleet.worker.data.ImageSet.Split;
import org.jspecify.annotations.Nullable;

/**
 * A folder with the four IDX files of MNIST, Fashion-MNIST or a relative of theirs: grey images fitted to the asked side. The t10k files
 * are the test split; one training image in {@value #VALIDATION_ONE_IN}, chosen by a keyed hash of its index, makes the validation split.
 */
final class IdxImages implements ImageSource {
    private static final List<String> NAMES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    private static final int VALIDATION_ONE_IN = 12;
    private static final long VALIDATION_KEY = 0x4944_5820_5641_4C31L;

    private final Path folder;

    IdxImages(Path folder) {
        this.folder = folder;
    }

    /** Whether the folder holds training images in IDX. */
    static boolean in(Path folder) {
        return find(folder, NAMES.get(0)) != null;
    }

    /** The longer side of the training images. */
    @Override
    public List<Integer> resolutions() throws IOException {
        int[] dimensions = IdxFile.read(file(NAMES.get(0)), 3).dimensions();
        return List.of(Math.max(dimensions[1], dimensions[2]));
    }

    /** A name for the packed set that changes with any byte of the files. */
    @Override
    public String key(int resolution) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String name : NAMES) {
            digest.update(Files.readAllBytes(file(name)));
        }
        return "idx-" + resolution + "-" + HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    @Override
    public void packInto(Path folderOfSet, int resolution) throws IOException {
        IdxFile train = IdxFile.read(file(NAMES.get(0)), 3);
        IdxFile trainLabels = IdxFile.read(file(NAMES.get(1)), 1);
        IdxFile test = IdxFile.read(file(NAMES.get(2)), 3);
        IdxFile testLabels = IdxFile.read(file(NAMES.get(3)), 1);
        int classes = Math.max(largest(trainLabels), largest(testLabels)) + 1;
        try (PackedSetWriter writer = new PackedSetWriter(
                folderOfSet,
                resolution,
                1,
                IntStream.range(0, classes).mapToObj(String::valueOf).toList())) {
            writer.requireSpace(((long) train.count() + test.count()) * ((long) resolution * resolution + 64));
            pack(writer, resolution, train, trainLabels, NAMES.get(0), true);
            pack(writer, resolution, test, testLabels, NAMES.get(2), false);
            writer.commit();
        }
    }

    private void pack(
            PackedSetWriter writer, int resolution, IdxFile images, IdxFile labels, String name, boolean training)
            throws IOException {
        if (images.count() != labels.count()) {
            throw new ImageSetException(folder.resolve(name) + " holds " + images.count()
                    + " images but its labels are " + labels.count() + "; fetch both again");
        }
        GreyFit fit = new GreyFit(images.dimensions()[1], images.dimensions()[2], resolution);
        byte[] fitted = new byte[resolution * resolution];
        for (int i = 0; i < images.count(); i++) {
            fit.apply(images.values(), i * images.dimensions()[1] * images.dimensions()[2], fitted);
            Split split = !training
                    ? Split.TEST
                    : Long.remainderUnsigned(Hash64.mix(VALIDATION_KEY + i * Hash64.GOLDEN), VALIDATION_ONE_IN) == 0
                            ? Split.VALIDATION
                            : Split.TRAIN;
            writer.add(split, labels.values()[i] & 0xFF, fitted, 0);
        }
    }

    private static int largest(IdxFile labels) {
        int largest = 0;
        for (byte label : labels.values()) {
            largest = Math.max(largest, label & 0xFF);
        }
        return largest;
    }

    private Path file(String name) throws ImageSetException {
        Path file = find(folder, name);
        if (file == null) {
            throw new ImageSetException(folder.resolve(name) + " (or .gz) is missing; fetch it");
        }
        return file;
    }

    private static @Nullable Path find(Path folder, String name) {
        for (String variant :
                List.of(name, name + ".gz", name.replace("-idx", ".idx"), name.replace("-idx", ".idx") + ".gz")) {
            if (Files.isRegularFile(folder.resolve(variant))) {
                return folder.resolve(variant);
            }
        }
        return null;
    }
}
