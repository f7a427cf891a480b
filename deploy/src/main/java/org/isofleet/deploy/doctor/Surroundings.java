package org.isofleet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a study needs of the machine beside devices.
 *
 * @param disks that are written to
 * @param loopback what is wrong with it, with the mend; null when nodes of this machine can talk over it
 */
public record Surroundings(List<Disk> disks, @Nullable String loopback) {
    private static final int PATIENCE_MILLIS = 2_000;

    /**
     * A folder and the room on its disk.
     *
     * @param purpose what is written there
     * @param problem with its mend; null when it can be written to
     */
    public record Disk(
            String purpose,
            String folder,
            @JsonProperty("free_bytes") long freeBytes,
            @Nullable String problem) {}

    public Surroundings {
        disks = List.copyOf(disks);
    }

    static Surroundings of(Path studies, Path home) throws IOException {
        List<Disk> disks = new ArrayList<>();
        disks.add(disk("studies", studies));
        disks.add(disk("native libraries", home.resolve(".javacpp")));
        disks.add(disk("images", home.resolve(".cache")));
        return new Surroundings(disks, loopback(InetAddress.getLoopbackAddress()));
    }

    /** A folder that is not there yet is made in the nearest one that is. */
    static Disk disk(String purpose, Path folder) throws IOException {
        Path there = Stream.iterate(folder.toAbsolutePath(), path -> path != null, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        String problem = null;
        if (!Files.isDirectory(there)) {
            problem = there + " is no folder; move it away";
        } else if (!Files.isWritable(there)) {
            problem = there + " cannot be written to; change its permissions";
        }
        return new Disk(purpose, folder.toString(), Files.getFileStore(there).getUsableSpace(), problem);
    }

    /** Connects to an address of this machine and passes one byte. */
    static @Nullable String loopback(InetAddress address) {
        try (ServerSocket server = new ServerSocket(0, 1, address);
                Socket out = new Socket(address, server.getLocalPort());
                Socket in = server.accept()) {
            in.setSoTimeout(PATIENCE_MILLIS);
            out.getOutputStream().write(1);
            return in.getInputStream().read() == 1 ? null : "the loopback device loses what is sent";
        } catch (IOException e) {
            return "nodes of this machine cannot connect to " + address.getHostAddress() + " (" + e.getMessage()
                    + "); bring the loopback device up: ip link set lo up";
        }
    }
}
