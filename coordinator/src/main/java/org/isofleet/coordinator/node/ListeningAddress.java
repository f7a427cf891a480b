package org.isofleet.coordinator.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Where a coordinator listens.
 *
 * @param port 0 for any that is free
 */
public record ListeningAddress(String host, int port) {
    /** Listens for a moment, so that an address that cannot be had is refused before anything is written or started. */
    public void requireFree() {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw unknown();
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException e) {
            throw taken(String.valueOf(e.getMessage()));
        }
    }

    InvalidSpecException taken(String reason) {
        return new InvalidSpecException("cannot listen on " + host + ":" + port + " (" + reason
                + "); free the port or give another one, 0 for any");
    }

    InvalidSpecException unknown() {
        return new InvalidSpecException(
                "cannot listen on '" + host + "': there is no such address; give one of this machine, as 127.0.0.1");
    }
}
