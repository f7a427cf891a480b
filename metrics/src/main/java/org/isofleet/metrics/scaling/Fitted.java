package org.isofleet.metrics.scaling;

import org.jspecify.annotations.Nullable;

/**
 * An answer with what it was made of.
 *
 * @param laws null when the fit is refused
 * @param bootstrap null when the fit is refused
 */
record Fitted(ScalingFit fit, @Nullable Laws laws, @Nullable Bootstrap bootstrap) {}
