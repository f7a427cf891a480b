/** Feature networks of the user: ONNX models with a card that says what they want of images. */
@NullMarked
package org.isofleet.worker.onnx;

import org.jspecify.annotations.NullMarked;
