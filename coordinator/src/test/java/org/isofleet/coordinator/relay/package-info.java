@NullMarked
package org.isofleet.coordinator.relay;

import org.jspecify.annotations.NullMarked;
