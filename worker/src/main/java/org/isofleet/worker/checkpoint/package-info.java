/** Checkpoints: safetensors files and a manifest in immutable folders, written whole or not at all, verified on load. */
@NullMarked
package org.isofleet.worker.checkpoint;

import org.jspecify.annotations.NullMarked;
