/**
 * The pixel model as Deeplearning4j layers with hand-written gradients on ND4J buffers. Read {@link
 * org.isofleet.worker.dl4j.Dl4jEngine} first, then {@link org.isofleet.worker.dl4j.DecoderBlockLayer}.
 */
@NullMarked
package org.isofleet.worker.dl4j;

import org.jspecify.annotations.NullMarked;
