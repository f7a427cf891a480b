/** Machines that are reached by ssh: which nodes of a study run on them, and how they are started, found again and stopped. */
@NullMarked
package org.isofleet.deploy.hosts;

import org.jspecify.annotations.NullMarked;
