package org.isofleet.worker.data;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.PackedManifest.Entry;

/**
 * Packs images of one resolution into shard files. Nothing is seen of them before {@link #commit}, which writes the manifest; without
 * it, {@link #close} deletes what was written. Two processes may write the same set into the same folder at once: files are named by
 * what they hold and put in place by renaming, so each finds a whole set whoever was first.
 */
public final class PackedSetWriter implements AutoCloseable {
    private static final long DEFAULT_SHARD_BYTES = 1L << 30;

    private final Path folder;
    private final int resolution;
    private final int channels;
    private final List<String> classes;
    private final long shardBytes;
    private final Map<Split, ShardWriter> open = new EnumMap<>(Split.class);
    private final Map<Split, List<ShardWriter.Written>> written = new EnumMap<>(Split.class);
    private boolean committed;

    /** A writer with shard files of about 1 GiB. */
    public PackedSetWriter(Path folder, int resolution, int channels, List<String> classes) throws IOException {
        this(folder, resolution, channels, classes, DEFAULT_SHARD_BYTES);
    }

    PackedSetWriter(Path folder, int resolution, int channels, List<String> classes, long shardBytes)
            throws IOException {
        require(classes.size() <= Short.MAX_VALUE, "a packed set takes at most %d classes", Short.MAX_VALUE);
        this.folder = folder;
        this.resolution = resolution;
        this.channels = channels;
        this.classes = List.copyOf(classes);
        this.shardBytes = shardBytes;
        for (Split split : Split.values()) {
            written.put(split, new ArrayList<>());
        }
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new ImageSetException(
                    "cannot make the folder " + folder + " for images: " + reason(e)
                            + "; choose one that can be written, for the cache of images by XDG_CACHE_HOME",
                    e);
        }
    }

    /** Refuses, before anything is written, when the folder's disk has less room than {@code bytes}. */
    public void requireSpace(long bytes) throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < bytes) {
            throw new ImageSetException("no space in " + folder + ": the images need " + bytes + " bytes and " + usable
                    + " are free; free some or choose another folder");
        }
    }

    /** Adds an image, [channel][row][column] bytes from {@code offset} on. */
    public void add(Split split, int label, byte[] values, int offset) throws IOException {
        require(label >= 0 && label < classes.size(), "label %d is none of %d classes", label, classes.size());
        try {
            ShardWriter shard = open.get(split);
            if (shard != null && shard.atBlockBoundary() && shard.bytes() >= shardBytes) {
                finish(split, shard);
                shard = null;
            }
            if (shard == null) {
                shard = new ShardWriter(folder, resolution, channels, split);
                open.put(split, shard);
            }
            shard.add(label, values, offset);
        } catch (IOException e) {
            throw explained(e);
        }
    }

    /**
     * Puts the set in place.
     *
     * @return its SHA-256
     */
    public String commit() throws IOException {
        try {
            for (Split split : Split.values()) {
                ShardWriter shard = open.get(split);
                if (shard != null) {
                    finish(split, shard);
                }
            }
            SetDigest digest = new SetDigest(resolution, channels, classes);
            List<Entry> entries = new ArrayList<>();
            written.forEach((split, files) -> {
                digest.add(split, files.stream().map(ShardWriter.Written::index).toList());
                files.forEach(f -> entries.add(new Entry(
                        String.valueOf(f.file().getFileName()), split, f.index().labels().length)));
            });
            PackedManifest manifest =
                    new PackedManifest(PackedManifest.FORMAT, resolution, channels, classes, digest.hex(), entries);
            putInPlace(manifest);
            committed = true;
            return manifest.sha256();
        } catch (IOException e) {
            throw explained(e);
        }
    }

    private void finish(Split split, ShardWriter shard) throws IOException {
        List<ShardWriter.Written> files = Objects.requireNonNull(written.get(split));
        files.add(shard.finish(files.size()));
        open.remove(split);
    }

    private void putInPlace(PackedManifest manifest) throws IOException {
        Path temporary = folder.resolve(".manifest." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(manifest.encode());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            force(folder);
            Files.move(temporary, PackedManifest.in(folder, resolution), StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private IOException explained(IOException e) {
        return e instanceof ImageSetException
                ? e
                : new ImageSetException(
                        "cannot write images to " + folder + ": " + reason(e)
                                + "; free some space or choose another folder",
                        e);
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : String.valueOf(e.getMessage());
    }

    /** Deletes what was not committed, but for files that a set which is there consists of: the same images make the same files. */
    @Override
    public void close() throws IOException {
        for (ShardWriter shard : open.values()) {
            shard.close();
        }
        open.clear();
        if (!committed) {
            Set<String> kept = namedByManifest();
            for (ShardWriter.Written shard :
                    written.values().stream().flatMap(List::stream).toList()) {
                if (!kept.contains(String.valueOf(shard.file().getFileName()))) {
                    Files.deleteIfExists(shard.file());
                }
            }
        }
    }

    private Set<String> namedByManifest() throws IOException {
        return Files.isRegularFile(PackedManifest.in(folder, resolution))
                ? PackedManifest.read(folder, resolution).files().stream()
                        .map(Entry::name)
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
