package org.isofleet.protocol.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint's folder while it is written. Its manifest is locked from the beginning until it is closed: the operating system frees the
 * lock of a writer that dies, so another process can tell a folder that nobody will ever finish from one that is being written.
 */
public final class TemporaryFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);
    private static final String PREFIX = ".writing-";
    /** Folders of this process. To look at one's lock would free it: POSIX locks end with any closing of their file. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel manifest;
    private boolean published;

    private TemporaryFolder(Path path) throws IOException {
        this.path = path;
        OURS.add(path);
        try {
            Files.createDirectory(path);
            manifest = FileChannel.open(
                    path.resolve(CheckpointFolders.MANIFEST), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        } catch (IOException | RuntimeException e) {
            OURS.remove(path);
            deleteTree(path);
            throw e;
        }
        try {
            if (manifest.tryLock() == null) {
                LOG.warn("{} is locked by another process though its name is unique", path);
            }
        } catch (IOException e) {
            // A file system without locks: then nobody else can lock it either, and takes it for one in use.
            LOG.debug("{} cannot be locked: {}", path, e.toString());
        }
    }

    static TemporaryFolder in(Path parent) throws IOException {
        return new TemporaryFolder(parent.toRealPath().resolve(PREFIX + UUID.randomUUID()));
    }

    /** Where the other files are written, each synced by its writer. */
    public Path path() {
        return path;
    }

    /** Writes the manifest, once, and syncs it and the folder. */
    public void complete(byte[] manifestBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(manifestBytes);
        while (bytes.hasRemaining()) {
            manifest.write(bytes);
        }
        manifest.force(true);
        sync(path);
    }

    /** Gives it its name. */
    void moveTo(Path target) throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        published = true;
    }

    static boolean isOne(String name) {
        return name.startsWith(PREFIX);
    }

    /** Whether its writer has died. One that cannot be locked, or is not locked yet, may be alive. */
    static boolean isDeserted(Path folder) {
        if (OURS.stream().anyMatch(ours -> ours.getFileName().equals(folder.getFileName()))) {
            return false; // the names are unique
        }
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(CheckpointFolders.MANIFEST), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException | IOException e) {
            LOG.debug("{} is left alone: {}", folder, e.toString());
            return false;
        }
    }

    /** Deletes what was not published. */
    @Override
    public void close() {
        try {
            manifest.close();
        } catch (IOException e) {
            LOG.warn("the manifest in {} could not be closed: {}", path, e.toString());
        }
        if (!published) {
            deleteTree(path);
        }
        OURS.remove(path);
    }

    /** A file system may lose a rename that was not followed by a sync of its folder. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", folder, e.toString());
        }
    }
}
