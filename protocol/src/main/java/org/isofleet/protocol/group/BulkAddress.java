package org.isofleet.protocol.group;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * Where a worker accepts the bulk stream of gradients and parameters.
 *
 * @param host name or address
 * @param port TCP port
 */
public record BulkAddress(String host, int port) {
    public BulkAddress {
        require(!host.isBlank(), "a bulk address needs a host");
        require(port >= 1 && port <= 65_535, "a port lies in 1 to 65535, not %d", port);
    }
}
