@NullMarked
package org.isofleet.protocol.node;

import org.jspecify.annotations.NullMarked;
