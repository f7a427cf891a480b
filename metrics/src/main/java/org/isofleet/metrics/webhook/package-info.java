/** Notices of a study to HTTP servers of others. */
@NullMarked
package org.isofleet.metrics.webhook;

import org.jspecify.annotations.NullMarked;
