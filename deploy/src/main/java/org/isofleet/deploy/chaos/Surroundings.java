package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Network and disk of a study under chaos: such as can be cut and filled, where a kind of fault asks for that and the machine allows it. */
final class Surroundings implements AutoCloseable {
    private static final String MEND = "; run it as root, or as unshare -rmn isofleet chaos";

    private final Network network;
    private final @Nullable SmallDisk disk;
    private final Map<FaultKind, String> leftOut;

    private Surroundings(Network network, @Nullable SmallDisk disk, Map<FaultKind, String> leftOut) {
        this.network = network;
        this.disk = disk;
        this.leftOut = leftOut;
    }

    /**
     * Makes them.
     *
     * @param folder of the study, not there yet
     */
    static Surroundings open(Path folder, Set<FaultKind> kinds, int workers) throws InterruptedException {
        Map<FaultKind, String> leftOut = new EnumMap<>(FaultKind.class);
        SmallDisk disk = null;
        if (kinds.contains(FaultKind.DISK)) {
            try {
                disk = SmallDisk.mount(folder);
            } catch (IOException e) {
                leftOut.put(FaultKind.DISK, "no small file system can be mounted (" + e.getMessage() + ")" + MEND);
            }
        }
        Network network = Network.LOOPBACK;
        if (kinds.contains(FaultKind.PARTITION)) {
            try {
                network = Namespaces.open(workers);
            } catch (IOException e) {
                leftOut.put(FaultKind.PARTITION, "no network namespaces can be made (" + e.getMessage() + ")" + MEND);
            }
        }
        return new Surroundings(network, disk, leftOut);
    }

    Network network() {
        return network;
    }

    /** Kinds of faults that cannot be brought about here, and why. */
    Map<FaultKind, String> leftOut() {
        return Map.copyOf(leftOut);
    }

    /** The disk of the study folder, if it can be filled. */
    SmallDisk disk() {
        if (disk == null) {
            throw new IllegalStateException("a disk that cannot be filled was to be filled");
        }
        return disk;
    }

    @Override
    public void close() {
        network.close();
        if (disk != null) {
            disk.close();
        }
    }
}
