package org.isofleet.coordinator.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * One coordinator a study folder, or several that share a journal elsewhere; never both kinds. The operating system frees the lock of a
 * process that dies.
 */
final class StudyFolderLock implements AutoCloseable {
    private static final String FILE = "coordinator.lock";

    private final FileChannel channel;

    private StudyFolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param shared whether others that share may have it too
     * @throws InvalidSpecException when another process has it, or the folder cannot be written
     */
    static StudyFolderLock acquire(Path folder, boolean shared) {
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (lock(channel, shared) == null) {
                String holder = Files.readString(file).strip();
                channel.close();
                throw new InvalidSpecException("study folder " + folder + " is in use by process " + holder
                        + "; wait for it, stop it, or give another folder");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new StudyFolderLock(channel);
        } catch (IOException e) {
            throw new InvalidSpecException("study folder " + folder + " cannot be written: " + e
                    + "; give a folder on a local disk that you may write to");
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
