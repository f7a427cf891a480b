package org.isofleet.deploy.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback device, for processes that have to be told theirs before they listen. */
public final class LoopbackPort {
    private LoopbackPort() {}

    /** One that nobody listens on; until it is taken, somebody else may take it. */
    public static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
