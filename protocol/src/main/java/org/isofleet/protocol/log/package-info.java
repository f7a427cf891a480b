/** What stands in every line of the log. */
@NullMarked
package org.isofleet.protocol.log;

import org.jspecify.annotations.NullMarked;
