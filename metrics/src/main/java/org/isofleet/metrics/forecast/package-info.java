/** Forecasts that are sealed before the run that checks them, their scores, and projections. */
@NullMarked
package org.isofleet.metrics.forecast;

import org.jspecify.annotations.NullMarked;
