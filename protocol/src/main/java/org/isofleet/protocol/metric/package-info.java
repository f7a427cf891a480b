/** Results and telemetry of runs. */
@NullMarked
package org.isofleet.protocol.metric;

import org.jspecify.annotations.NullMarked;
