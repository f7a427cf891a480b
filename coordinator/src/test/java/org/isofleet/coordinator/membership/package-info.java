@NullMarked
package org.isofleet.coordinator.membership;

import org.jspecify.annotations.NullMarked;
