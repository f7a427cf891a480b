/** What the actor systems of coordinators and workers have in common. */
@NullMarked
package org.isofleet.protocol.node;

import org.jspecify.annotations.NullMarked;
