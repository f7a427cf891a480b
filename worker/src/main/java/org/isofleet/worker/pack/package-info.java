/**
 * Images in the formats people have, made into packed sets: read in their order, decoded and resized by all cores, kept in segments
 * that a later start takes over, and put together whole or not at all.
 */
@NullMarked
package org.isofleet.worker.pack;

import org.jspecify.annotations.NullMarked;
