/** How checkpoints lie on a disk that several processes write to. */
@NullMarked
package org.isofleet.protocol.checkpoint;

import org.jspecify.annotations.NullMarked;
