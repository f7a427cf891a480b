/** A study: what it decides, and the event-sourced entity that carries it out. */
@NullMarked
package org.isofleet.coordinator.study;

import org.jspecify.annotations.NullMarked;
