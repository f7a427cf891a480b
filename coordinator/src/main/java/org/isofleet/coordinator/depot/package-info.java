/** The door for checkpoints of workers that do not see the study folder. */
@NullMarked
package org.isofleet.coordinator.depot;

import org.jspecify.annotations.NullMarked;
