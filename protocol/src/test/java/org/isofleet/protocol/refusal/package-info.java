@NullMarked
package org.isofleet.protocol.refusal;

import org.jspecify.annotations.NullMarked;
