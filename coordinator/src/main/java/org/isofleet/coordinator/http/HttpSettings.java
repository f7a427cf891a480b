package org.isofleet.coordinator.http;

import static org.isofleet.protocol.study.Requirement.require;

import java.nio.file.Path;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.refusal.Refusals;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a coordinator serves HTTP.
 *
 * @param host address on which it listens
 * @param port 0 for any that is free
 * @param studyFolder whose tokens open it
 * @param keys those of the node, with which it speaks TLS; null where all stay on the loopback device
 * @param refusals where those are told of who were turned away
 */
public record HttpSettings(
        String host, int port, Path studyFolder, @Nullable Path keys, Refusals refusals) {
    public HttpSettings {
        require(port >= 0 && port <= 65_535, "--http: a port lies in 0 to 65535, not %d", port);
        NodeKeys.requireBeyondLoopback(host, keys);
    }
}
