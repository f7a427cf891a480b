/** Live events among coordinators: whoever watches one of them sees all of a study. */
@NullMarked
package org.isofleet.coordinator.relay;

import org.jspecify.annotations.NullMarked;
