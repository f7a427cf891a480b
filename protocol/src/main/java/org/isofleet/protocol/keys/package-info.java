/** Keys and certificates by which the nodes of a cluster know each other, and TLS with them. */
@NullMarked
package org.isofleet.protocol.keys;

import org.jspecify.annotations.NullMarked;
