package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file system in memory whose size can be set while it is used: set to what is used, it is full. */
final class SmallDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmallDisk.class);
    private static final String WIDE = "1g";
    private static final int ATTEMPTS = 5;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** @throws IOException when this process may not mount */
    static SmallDisk mount(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        SystemCommand.run("mount", "-t", "tmpfs", "-o", "mode=0755,size=" + WIDE, "isofleet-chaos", path(folder));
        return new SmallDisk(folder);
    }

    /** Leaves no free block. */
    void fill() throws IOException, InterruptedException {
        FileStore store = Files.getFileStore(folder);
        for (int i = 1; ; i++) {
            try {
                resize(Long.toString(store.getTotalSpace() - store.getUnallocatedSpace()));
                return;
            } catch (IOException e) {
                if (i == ATTEMPTS) { // someone writes faster than this
                    throw e;
                }
            }
        }
    }

    void free() throws IOException, InterruptedException {
        resize(WIDE);
    }

    private void resize(String size) throws IOException, InterruptedException {
        SystemCommand.run("mount", "-o", "remount,size=" + size, path(folder));
    }

    private static String path(Path folder) {
        return folder.toAbsolutePath().toString();
    }

    /** Leaves what is on it in a folder of the same name. */
    @Override
    public void close() {
        try {
            Path kept = folder.resolveSibling(folder.getFileName() + ".kept");
            SystemCommand.run("cp", "-a", path(folder), path(kept));
            SystemCommand.run("umount", path(folder));
            Files.delete(folder);
            Files.move(kept, folder);
        } catch (IOException e) {
            LOG.warn("{} is left as it is: {}", folder, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
