/** Fréchet distance of Gaussians, and the moments it is computed from. */
@NullMarked
package org.isofleet.metrics.frechet;

import org.jspecify.annotations.NullMarked;
