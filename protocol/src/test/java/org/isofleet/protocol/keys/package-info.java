@NullMarked
package org.isofleet.protocol.keys;

import org.jspecify.annotations.NullMarked;
