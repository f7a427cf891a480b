/** Placement: which worker works for which run. */
@NullMarked
package org.isofleet.coordinator.placement;

import org.jspecify.annotations.NullMarked;
