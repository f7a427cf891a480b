package org.isofleet.coordinator.relay;

import java.util.List;
import org.isofleet.protocol.wire.WireCatalog;

/** What coordinators send only to each other. */
public final class RelayCatalog implements WireCatalog {
    @Override
    public int firstId() {
        return 2 * BLOCK;
    }

    @Override
    public List<Class<?>> classes() {
        return List.of(LiveRelay.Relayed.class);
    }
}
