package org.isofleet.worker.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.study.RunId;

/** Where peers connect. */
public final class BulkServer implements AutoCloseable {
    private final ServerSocketChannel server;
    private final BulkAddress address;

    public BulkServer(String bindHost, String workerId, long incarnation, byte[] secret) throws IOException {
        server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(InetAddress.getByName(bindHost), 0));
            address = new BulkAddress(bindHost, ((InetSocketAddress) server.getLocalAddress()).getPort());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public void enter(RunId runId, long generation) {}

    public BulkAddress address() {
        return address;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
