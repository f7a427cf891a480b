/** The gateway that workers dial: who lives, and whose report goes where. */
@NullMarked
package org.isofleet.coordinator.gateway;

import org.jspecify.annotations.NullMarked;
