/** Specs: what a study asks for and what a run is, as values that check themselves. */
@NullMarked
package org.isofleet.protocol.study;

import org.jspecify.annotations.NullMarked;
