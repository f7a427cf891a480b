/** Images: packed shards, the embedded set, IDX files, and the order in which they are seen. */
@NullMarked
package org.isofleet.worker.data;

import org.jspecify.annotations.NullMarked;
