/** The training session: step loop, optimizer, schedule. */
@NullMarked
package org.isofleet.worker.train;

import org.jspecify.annotations.NullMarked;
