/** Fits that follow a study while its results come in. */
@NullMarked
package org.isofleet.coordinator.fit;

import org.jspecify.annotations.NullMarked;
