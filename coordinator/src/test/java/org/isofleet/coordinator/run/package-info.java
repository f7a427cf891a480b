@NullMarked
package org.isofleet.coordinator.run;

import org.jspecify.annotations.NullMarked;
