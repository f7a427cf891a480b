/** The live stream of a study: events, the view folded from them, and their sinks. */
@NullMarked
package org.isofleet.metrics.live;

import org.jspecify.annotations.NullMarked;
