/** One coordinator process: journal, cluster membership, entities, gateway, live stream. */
@NullMarked
package org.isofleet.coordinator.node;

import org.jspecify.annotations.NullMarked;
