/** What the training loop asks of a deep-learning library. */
@NullMarked
package org.isofleet.worker.engine;

import org.jspecify.annotations.NullMarked;
