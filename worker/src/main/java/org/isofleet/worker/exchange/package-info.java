/** The all-reduce: one fixed order of additions, and the authenticated bulk stream between workers that carries it. */
@NullMarked
package org.isofleet.worker.exchange;

import org.jspecify.annotations.NullMarked;
