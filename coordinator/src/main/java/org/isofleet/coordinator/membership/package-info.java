/** How coordinators that share a journal find each other, and which of them go on when they lose each other. */
@NullMarked
package org.isofleet.coordinator.membership;

import org.jspecify.annotations.NullMarked;
