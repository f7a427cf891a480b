package org.isofleet.worker.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A packed set: mapped files, read with the asked channels and levels. Sets of up to {@value #CHECKED_ON_OPEN} bytes are checked against
 * their digests when they are opened, larger ones block by block when an image is first read.
 */
public final class PackedImages implements ImageSet {
    private static final long CHECKED_ON_OPEN = 1L << 28;

    private final PackedManifest manifest;
    private final PixelReduction reduction;
    private final Map<Split, List<ShardFile>> files = new EnumMap<>(Split.class);
    private final Map<Split, long[]> starts = new EnumMap<>(Split.class);

    private PackedImages(PackedManifest manifest, PixelReduction reduction) {
        this.manifest = manifest;
        this.reduction = reduction;
    }

    /**
     * Opens a packed set.
     *
     * @param folder that holds {@code images-<resolution>.json}
     * @param channels values per pixel that {@link #read} shall give: 3, or 1 for luma
     * @param levels that {@link #read} shall give, a power of two
     * @throws ImageSetException when a file is missing or damaged, or the set is grey and three channels are asked for
     */
    public static PackedImages open(Path folder, int resolution, int channels, int levels) throws IOException {
        PackedManifest manifest = PackedManifest.read(folder, resolution);
        if (manifest.channels() < channels) {
            throw new ImageSetException("the images in " + folder + " are grey; set channels = 1");
        }
        PackedImages images = new PackedImages(
                manifest, new PixelReduction(resolution * resolution, manifest.channels(), channels, levels));
        images.openFiles(folder);
        return images;
    }

    private void openFiles(Path folder) throws IOException {
        SetDigest digest = new SetDigest(manifest.resolution(), manifest.channels(), manifest.classes());
        long bytes = 0;
        for (Split split : Split.values()) {
            List<ShardFile> shards = new ArrayList<>();
            List<Long> ends = new ArrayList<>(List.of(0L));
            for (PackedManifest.Entry entry : manifest.files()) {
                if (entry.split() == split) {
                    Path path = folder.resolve(entry.name());
                    ShardFile file = ShardFile.open(path);
                    requireFits(path, file.header(), split);
                    shards.add(file);
                    ends.add(ends.get(ends.size() - 1) + file.header().images());
                    bytes += file.header().pixelBytes();
                }
            }
            digest.add(split, shards.stream().map(ShardFile::index).toList());
            files.put(split, shards);
            starts.put(split, ends.stream().mapToLong(Long::longValue).toArray());
        }
        if (!digest.hex().equals(manifest.sha256())) {
            throw new ImageSetException("the images of " + manifest.resolution() + " pixels in " + folder
                    + " do not have the SHA-256 that their manifest states; fetch or pack them again");
        }
        if (bytes <= CHECKED_ON_OPEN) {
            verify();
        }
    }

    private void requireFits(Path path, ShardHeader header, Split split) throws ImageSetException {
        if (header.resolution() != manifest.resolution()
                || header.channels() != manifest.channels()
                || header.split() != split) {
            throw new ImageSetException(path + " is not of the set that names it; fetch or pack it again");
        }
    }

    /**
     * Checks every image against its digest.
     *
     * @throws ImageSetException naming the first file that is damaged
     */
    public void verify() throws IOException {
        for (List<ShardFile> shards : files.values()) {
            for (ShardFile shard : shards) {
                shard.checkAll();
            }
        }
    }

    @Override
    public int resolution() {
        return manifest.resolution();
    }

    @Override
    public int channels() {
        return reduction.channels();
    }

    @Override
    public int levels() {
        return reduction.levels();
    }

    @Override
    public List<String> classes() {
        return manifest.classes();
    }

    @Override
    public long count(Split split) {
        long[] start = starts(split);
        return start[start.length - 1];
    }

    @Override
    public int label(Split split, long index) {
        int shard = shardOf(split, index);
        return files(split).get(shard).index().labels()[(int) (index - starts(split)[shard])];
    }

    @Override
    public void read(Split split, long index, byte[] target, int offset) {
        int shard = shardOf(split, index);
        ShardFile file = files(split).get(shard);
        long image = index - starts(split)[shard];
        if (reduction.inPlace()) {
            file.read(image, target, offset);
            reduction.apply(target, offset, target, offset);
        } else {
            byte[] stored = new byte[file.header().imageBytes()];
            file.read(image, stored, 0);
            reduction.apply(stored, 0, target, offset);
        }
    }

    @Override
    public String sha256() {
        return manifest.sha256();
    }

    /** The mapped memory goes back when it is no longer reachable: unmapping under a reader would end the process. */
    @Override
    public void close() {}

    private int shardOf(Split split, long index) {
        Objects.checkIndex(index, count(split));
        int at = java.util.Arrays.binarySearch(starts(split), index);
        // Empty files do not occur, so starts are distinct; between two of them, binarySearch gives -(insertion point)
        // - 1.
        return at >= 0 ? at : -at - 2;
    }

    private List<ShardFile> files(Split split) {
        return Objects.requireNonNull(files.get(split));
    }

    private long[] starts(Split split) {
        return Objects.requireNonNull(starts.get(split));
    }
}
