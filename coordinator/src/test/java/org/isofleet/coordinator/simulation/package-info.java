/** The real deciding code against simulated workers, in virtual time. */
@NullMarked
package org.isofleet.coordinator.simulation;

import org.jspecify.annotations.NullMarked;
