@NullMarked
package org.isofleet.coordinator.journal;

import org.jspecify.annotations.NullMarked;
