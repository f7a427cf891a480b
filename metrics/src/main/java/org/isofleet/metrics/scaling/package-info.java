/** Scaling laws: optima of IsoFLOP profiles, parametric loss surfaces, power laws and their uncertainty. */
@NullMarked
package org.isofleet.metrics.scaling;

import org.jspecify.annotations.NullMarked;
