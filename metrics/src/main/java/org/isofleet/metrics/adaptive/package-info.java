/** What a study that adapts itself trains next, what it stops, and why: decided from the results so far alone. */
@NullMarked
package org.isofleet.metrics.adaptive;

import org.jspecify.annotations.NullMarked;
