/** A study under injected faults, compared with the same study left alone. */
@NullMarked
package org.isofleet.deploy.chaos;

import org.jspecify.annotations.NullMarked;
