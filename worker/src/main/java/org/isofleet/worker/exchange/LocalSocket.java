package org.isofleet.worker.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.isofleet.protocol.group.BulkAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket beside a bulk port, for peers on the same machine: gradients go through it about four times as fast as through TCP over
 * loopback. Its file is named after the port, below the temporary folder; who does not see it there, or dials an address of another machine,
 * takes TCP. The handshake is the same.
 */
final class LocalSocket {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSocket.class);

    private LocalSocket() {}

    static Path file(int port) {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "isofleet-" + System.getProperty("user.name"),
                "bulk-" + port + ".sock");
    }

    /** Listens beside a bulk port that this process holds; null where there can be no such socket, for there is TCP. */
    static @Nullable ServerSocketChannel listen(int port) {
        Path file = file(port);
        try {
            Path folder = file.resolveSibling("");
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.deleteIfExists(file); // of a process that died; the port is ours now
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                return server.bind(UnixDomainSocketAddress.of(file));
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            LOG.info("no local socket {}, peers here take TCP: {}", file, e.toString());
            return null;
        }
    }

    /** Connects to the local socket of a peer, if it is on this machine and has one. */
    static @Nullable SocketChannel connect(BulkAddress peer) {
        Path file = file(peer.port());
        try {
            return Files.exists(file) && isHere(peer.host())
                    ? SocketChannel.open(UnixDomainSocketAddress.of(file))
                    : null;
        } catch (IOException | RuntimeException e) {
            LOG.info("no local connection by {}, taking TCP: {}", file, e.toString());
            return null;
        }
    }

    private static boolean isHere(String host) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    }

    static void delete(int port) {
        try {
            Files.deleteIfExists(file(port));
        } catch (IOException e) {
            LOG.info("{} could not be deleted: {}", file(port), e.toString());
        }
    }
}
