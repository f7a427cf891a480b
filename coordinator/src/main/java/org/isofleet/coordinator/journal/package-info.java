/** Where events and snapshots are kept: an embedded file for one coordinator, PostgreSQL for several. */
@NullMarked
package org.isofleet.coordinator.journal;

import org.jspecify.annotations.NullMarked;
