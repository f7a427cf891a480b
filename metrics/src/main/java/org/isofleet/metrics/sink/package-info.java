/** Where a study tells other programs of itself: Prometheus, TensorBoard, webhooks, exported tables. */
@NullMarked
package org.isofleet.metrics.sink;

import org.jspecify.annotations.NullMarked;
