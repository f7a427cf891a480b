package org.isofleet.protocol.wire;

import java.util.List;

/**
 * The classes of one module that may travel. A module names its catalog in its {@code reference.conf}:
 *
 * <pre>isofleet.wire.catalogs.coordinator = "org.isofleet.coordinator.CoordinatorCatalog"</pre>
 *
 * A catalog has a public constructor without arguments. Its messages may use its own classes and those of the protocol's, no
 * others, so that two nodes understand each other whatever else is on their class paths.
 */
public interface WireCatalog {
    /** Distance between the first numbers of two catalogs, and so the most classes of one. */
    int BLOCK = 1000;

    /** Number of the first class: a multiple of {@link #BLOCK} that no other catalog has. the protocol's has 1000. */
    int firstId();

    /** Records and enums in a fixed order; add new ones at the end. */
    List<Class<?>> classes();
}
