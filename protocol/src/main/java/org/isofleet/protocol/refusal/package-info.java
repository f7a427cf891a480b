/** Who was turned away at a port of ours, told to people in a line: from where, and why. */
@NullMarked
package org.isofleet.protocol.refusal;

import org.jspecify.annotations.NullMarked;
