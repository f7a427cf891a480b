/** The wire format: which classes may travel, and how. */
@NullMarked
package org.isofleet.protocol.wire;

import org.jspecify.annotations.NullMarked;
