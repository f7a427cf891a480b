/** Trains the cells of a tuning in this process. */
@NullMarked
package org.isofleet.deploy.tune;

import org.jspecify.annotations.NullMarked;
