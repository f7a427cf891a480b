/** The list of everything of the protocol that may travel. It knows all packages, and none knows it. */
@NullMarked
package org.isofleet.protocol.catalog;

import org.jspecify.annotations.NullMarked;
