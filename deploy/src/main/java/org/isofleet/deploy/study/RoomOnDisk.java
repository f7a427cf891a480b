package org.isofleet.deploy.study;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.isofleet.metrics.live.DiskFull;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a disk has room again on which a coordinator found none. A journal needs some beyond its size: its file grows between two
 * compactions, and the results beside it are written anew with every change.
 */
final class RoomOnDisk {
    /** What has to be free: with less, a coordinator that comes back would soon be gone again. */
    static final int MEBIBYTES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(RoomOnDisk.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final String PROBE = "room.tmp";
    private static final byte[] MEBIBYTE = new byte[1 << 20];

    private final Path folder;

    /** @param folder on that disk */
    RoomOnDisk(Path folder) {
        this.folder = folder;
    }

    /** Returns when there is room. */
    void await() throws IOException {
        while (!isThere()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private boolean isThere() throws IOException {
        return Files.getFileStore(folder).getUsableSpace() >= (long) MEBIBYTES << 20 && canBeTaken();
    }

    /** A quota is not told of by the free space: it shows when one writes. */
    private boolean canBeTaken() throws IOException {
        Path probe = folder.resolve(PROBE);
        try (OutputStream out = Files.newOutputStream(probe)) {
            for (int i = 0; i < MEBIBYTES; i++) {
                out.write(MEBIBYTE);
            }
            return true;
        } catch (IOException e) {
            if (!DiskFull.isBehind(e)) {
                throw e;
            }
            LOG.debug("there is no room yet", e);
            return false;
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
