@NullMarked
package org.isofleet.coordinator.http;

import org.jspecify.annotations.NullMarked;
