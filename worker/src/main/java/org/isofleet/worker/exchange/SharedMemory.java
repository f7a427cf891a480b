package org.isofleet.worker.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors in memory that processes of one machine map: what one writes the others read, without a copy through a socket. The file, below
 * {@code /dev/shm}, is named by a random token and deleted as soon as all have it; the memory lives as long as somebody maps it. Java
 * unmaps when the collector finds it unused, so large vectors are not shared.
 */
final class SharedMemory {
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);

    /** Floats above which a vector goes through the socket. */
    private static final long LARGEST = 16L << 20;

    private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

    /** Age of files that only a process that died can have left: the other side maps one within seconds or never. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

    private SharedMemory() {}

    private static Path folder() {
        return Path.of("/dev/shm", "isofleet-" + System.getProperty("user.name"));
    }

    private static Path file(long token) {
        return folder().resolve(Long.toHexString(token));
    }

    /**
     * A new vector of zeros; null where there is no such memory to be had. Every page is written here, for a full file system must be met by a write,
     * which fails, and not by an access to the mapping, which would end the process.
     */
    static @Nullable FlatVector create(long token, long length) {
        if (length > LARGEST) {
            return null;
        }
        long bytes = length * Float.BYTES;
        try {
            if (!Files.isDirectory(folder())) {
                Files.createDirectory(folder(), PosixFilePermissions.asFileAttribute(OURS));
            }
            if (!isOurs(folder())) {
                throw new IOException(folder() + " is not this user's alone");
            }
            deleteLeftBehind();
            try (FileChannel channel = FileChannel.open(
                    file(token),
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 16);
                while (channel.position() < bytes) {
                    zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - channel.position()));
                    channel.write(zeros);
                }
                return vector(channel.map(MapMode.READ_WRITE, 0, bytes));
            }
        } catch (IOException | RuntimeException e) {
            LOG.info("no shared memory of {} bytes, peers here take the socket: {}", bytes, e.toString());
            delete(token);
            return null;
        }
    }

    /** A vector that another process made, to be read; null if it is not there or of another size. */
    static @Nullable FlatVector open(long token, long length) {
        long bytes = length * Float.BYTES;
        try (FileChannel channel = FileChannel.open(file(token), StandardOpenOption.READ)) {
            return channel.size() == bytes ? vector(channel.map(MapMode.READ_ONLY, 0, bytes)) : null;
        } catch (IOException | RuntimeException e) {
            LOG.info("the shared memory of a peer cannot be mapped, it takes the socket: {}", e.toString());
            return null;
        }
    }

    /** Takes the name away. */
    static void delete(long token) {
        try {
            Files.deleteIfExists(file(token));
        } catch (IOException | RuntimeException e) {
            LOG.info("{} could not be deleted: {}", file(token), e.toString());
        }
    }

    /** Whether nobody else can put a file there: everybody may write to the folder above. */
    static boolean isOurs(Path folder) throws IOException {
        return Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(OURS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")));
    }

    private static void deleteLeftBehind() throws IOException {
        Instant old = Instant.now().minus(LEFT_BEHIND);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder())) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static FlatVector vector(MappedByteBuffer bytes) {
        FloatBuffer floats = bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
        return new FlatVector(new FloatPointer(floats), floats.capacity());
    }
}
