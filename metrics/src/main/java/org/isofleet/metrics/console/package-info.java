/** A study on a terminal: the live picture where there is one, plain lines where there is none. */
@NullMarked
package org.isofleet.metrics.console;

import org.jspecify.annotations.NullMarked;
