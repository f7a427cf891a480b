@NullMarked
package org.isofleet.coordinator.study;

import org.jspecify.annotations.NullMarked;
