/** The authenticated streams beside the actors: how a connection begins, and how files go over it. */
@NullMarked
package org.isofleet.protocol.bulk;

import org.jspecify.annotations.NullMarked;
