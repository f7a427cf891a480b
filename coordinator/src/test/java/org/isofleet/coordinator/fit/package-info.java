/** Tests of the fits while a study runs. */
@NullMarked
package org.isofleet.coordinator.fit;

import org.jspecify.annotations.NullMarked;
