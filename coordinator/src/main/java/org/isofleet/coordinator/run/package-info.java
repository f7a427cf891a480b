/** A run: what it decides, and the event-sourced entity that carries it out. */
@NullMarked
package org.isofleet.coordinator.run;

import org.jspecify.annotations.NullMarked;
