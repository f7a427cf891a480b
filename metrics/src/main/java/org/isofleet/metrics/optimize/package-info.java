/** Minimisation of smooth functions. */
@NullMarked
package org.isofleet.metrics.optimize;

import org.jspecify.annotations.NullMarked;
