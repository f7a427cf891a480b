/** The study over HTTP: a versioned API with tokens, and the dashboard that is made of it. Nothing here is loaded unless it is asked for. */
@NullMarked
package org.isofleet.coordinator.http;

import org.jspecify.annotations.NullMarked;
