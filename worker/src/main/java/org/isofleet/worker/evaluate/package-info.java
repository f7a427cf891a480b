/** Evaluators: held-out loss, linear probe and completions of a finished checkpoint. */
@NullMarked
package org.isofleet.worker.evaluate;

import org.jspecify.annotations.NullMarked;
