/** All that coordinators and workers can be brought to in small configurations, searched to the end. */
@NullMarked
package org.isofleet.deploy.search;

import org.jspecify.annotations.NullMarked;
