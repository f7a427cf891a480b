/** Event files of TensorBoard, one for each run. */
@NullMarked
package org.isofleet.metrics.tensorboard;

import org.jspecify.annotations.NullMarked;
