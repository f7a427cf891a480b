@NullMarked
package org.isofleet.coordinator.placement;

import org.jspecify.annotations.NullMarked;
