package org.isofleet.worker.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.Sha256;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of a packing that is under way, in a hidden folder beside the one to be made. A segment is there when its description is,
 * which is written after the images are on disk; so a process that is killed loses what it had not yet described, and the next start takes
 * over the rest if it is to make the same of the same source. One process at a time holds the folder's lock.
 */
final class SegmentFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFolder.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COPY_BYTES = 1 << 20;

    private final Path folder;
    private final int imageBytes;
    private final FileChannel lockFile;

    private SegmentFolder(Path folder, int imageBytes, FileChannel lockFile) {
        this.folder = folder;
        this.imageBytes = imageBytes;
        this.lockFile = lockFile;
    }

    /**
     * Takes the folder, emptied unless it was begun for the same work.
     *
     * @param work what is made of which source
     */
    static SegmentFolder open(Path folder, String work, int imageBytes) throws IOException {
        Files.createDirectories(folder);
        FileChannel lockFile = FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SegmentFolder segments = new SegmentFolder(folder, imageBytes, lockFile);
        try {
            if (!isFree(lockFile)) {
                throw new ImageSetException(
                        "another process packs into " + folder + "; let it finish, or end it and start again");
            }
            Path begun = folder.resolve("work");
            if (!Files.exists(begun) || !Files.readString(begun).equals(work)) {
                segments.empty();
                segments.write(begun, work.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            return segments;
        } catch (IOException e) {
            lockFile.close();
            throw e;
        }
    }

    private static boolean isFree(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Where the packed set grows. */
    Path set() {
        return folder.resolve("set");
    }

    private Path images(int number) {
        return folder.resolve(String.format(Locale.ROOT, "%08d.images", number));
    }

    private Path description(int number) {
        return folder.resolve(String.format(Locale.ROOT, "%08d.json", number));
    }

    /** A segment that is there and whole. */
    Optional<Segment> find(int number) throws IOException {
        if (!Files.exists(description(number))) {
            return Optional.empty();
        }
        try {
            Segment segment = JSON.readValue(Files.readAllBytes(description(number)), Segment.class);
            if (segment.consistent()
                    && Files.exists(images(number))
                    && Files.size(images(number)) == (long) segment.images() * imageBytes
                    && sha256(images(number)).equals(segment.sha256())) {
                return Optional.of(segment);
            }
            LOG.warn("{} is damaged; its images are decoded again", images(number));
        } catch (JsonProcessingException e) {
            LOG.warn("{} is damaged; its images are decoded again", description(number));
        }
        return Optional.empty();
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[COPY_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Begins a segment. */
    Writer begin(int number) throws IOException {
        return new Writer(number);
    }

    /** The images of a segment, one after the other. */
    InputStream open(int number) throws IOException {
        return new java.io.BufferedInputStream(Files.newInputStream(images(number)), COPY_BYTES);
    }

    private void write(Path file, byte[] bytes) throws IOException {
        Path temporary = folder.resolve(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeAll(channel, ByteBuffer.wrap(bytes));
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** A segment that grows. */
    final class Writer implements AutoCloseable {
        private final int number;
        private final Path temporary;
        private final FileChannel channel;
        private final MessageDigest digest = Sha256.digest();
        private final ByteBuffer buffer = ByteBuffer.allocate(Math.max(COPY_BYTES, imageBytes));
        private final List<Split> splits = new ArrayList<>();
        private final List<Integer> labels = new ArrayList<>();
        private final List<Segment.Reject> rejects = new ArrayList<>();
        private int enlarged;

        private Writer(int number) throws IOException {
            this.number = number;
            this.temporary = folder.resolve("images.tmp");
            this.channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        }

        int read() {
            return labels.size() + rejects.size();
        }

        int rejected() {
            return rejects.size();
        }

        void add(Split split, int label, byte[] pixels, boolean isEnlarged) throws IOException {
            splits.add(split);
            labels.add(label);
            enlarged += isEnlarged ? 1 : 0;
            if (buffer.remaining() < pixels.length) {
                flush();
            }
            buffer.put(pixels);
        }

        void reject(String name, @Nullable String reason) {
            rejects.add(new Segment.Reject(name, String.valueOf(reason)));
        }

        private void flush() throws IOException {
            buffer.flip();
            digest.update(buffer.duplicate());
            writeAll(channel, buffer);
            buffer.clear();
        }

        Segment finish() throws IOException {
            flush();
            channel.force(true);
            channel.close();
            Files.move(temporary, images(number), StandardCopyOption.ATOMIC_MOVE);
            Segment segment = new Segment(
                    read(),
                    List.copyOf(splits),
                    labels.stream().mapToInt(Integer::intValue).toArray(),
                    List.copyOf(rejects),
                    enlarged,
                    HexFormat.of().formatHex(digest.digest()));
            write(description(number), JSON.writeValueAsBytes(segment));
            return segment;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Deletes everything but the lock. */
    private void empty() throws IOException {
        Path lock = folder.resolve("lock");
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(lock)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                if (!visited.equals(folder)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Empties where the packed set grows. */
    Path emptySet() throws IOException {
        Path set = set();
        if (Files.exists(set)) {
            try (java.util.stream.Stream<Path> files = Files.list(set)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(set);
    }

    /** Deletes the folder with all that is in it. */
    void delete() throws IOException {
        empty();
        Files.delete(folder.resolve("lock"));
        Files.delete(folder);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
