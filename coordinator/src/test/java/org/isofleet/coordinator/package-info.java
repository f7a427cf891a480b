/** What the coordinator's tests share. */
@NullMarked
package org.isofleet.coordinator;

import org.jspecify.annotations.NullMarked;
