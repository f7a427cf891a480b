/** The pixel model on LibTorch, by JavaCPP: eager operators, autograd and fused attention. */
@NullMarked
package org.isofleet.worker.torch;

import org.jspecify.annotations.NullMarked;
