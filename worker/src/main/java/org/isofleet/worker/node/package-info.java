/** A worker process: its actor system, the actor that talks to coordinators, and the plain classes that decide for it. */
@NullMarked
package org.isofleet.worker.node;

import org.jspecify.annotations.NullMarked;
