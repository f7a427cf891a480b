@NullMarked
package org.isofleet.metrics.sink;

import org.jspecify.annotations.NullMarked;
