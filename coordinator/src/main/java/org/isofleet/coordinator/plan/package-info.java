/** Study files, the model family and the grid that is made of them; the mathematics of tuning. */
@NullMarked
package org.isofleet.coordinator.plan;

import org.jspecify.annotations.NullMarked;
