package org.isofleet.worker.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * Memory that two processes of one machine both map: what one writes the other reads, without a copy through a socket. Its file, below
 * {@code /dev/shm}, is named by a random token and deleted as soon as both have it; the memory lives as long as somebody maps it. Java
 * unmaps when the collector finds it unused, so large memory is not shared.
 */
final class SharedMemory {
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);

    /** Bytes above which a gradient goes through the socket. */
    static final long LARGEST = 256L << 20;

    /** Age of files that only a process that died can have left: the other side maps one within seconds or never. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

    private final ByteBuffer bytes;

    private SharedMemory(MappedByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.nativeOrder());
    }

    private static Path folder() {
        return Path.of("/dev/shm", "isofleet-" + System.getProperty("user.name"));
    }

    private static Path file(long token) {
        return folder().resolve(Long.toHexString(token));
    }

    /**
     * New memory, zero; null where there is none to be had. Every page is written here, for a full file system must be met by a write,
     * which fails, and not by an access to the mapping, which would end the process.
     */
    static @Nullable SharedMemory create(long token, long bytes) {
        if (bytes > LARGEST) {
            return null;
        }
        try {
            if (!Files.isDirectory(folder())) {
                Files.createDirectory(
                        folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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
                return new SharedMemory(channel.map(MapMode.READ_WRITE, 0, bytes));
            }
        } catch (IOException | RuntimeException e) {
            LOG.info("no shared memory of {} bytes, peers here take the socket: {}", bytes, e.toString());
            delete(token);
            return null;
        }
    }

    /** Memory that another process made; null if it is not there or of another size. */
    static @Nullable SharedMemory open(long token, long bytes) {
        try (FileChannel channel = FileChannel.open(file(token), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.size() == bytes ? new SharedMemory(channel.map(MapMode.READ_WRITE, 0, bytes)) : null;
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

    /** A part of the memory as a vector, which keeps it mapped. */
    FlatVector floats(long from, long count) {
        ByteBuffer part = bytes.slice((int) (from * Float.BYTES), (int) (count * Float.BYTES))
                .order(ByteOrder.nativeOrder());
        return new FlatVector(new FloatPointer(part.asFloatBuffer()), count);
    }
}
