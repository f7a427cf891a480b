/** A real node with real remoting and a real journal; only the training is played. */
@NullMarked
package org.isofleet.coordinator.node;

import org.jspecify.annotations.NullMarked;
