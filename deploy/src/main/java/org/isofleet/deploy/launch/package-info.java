/** Launchers: how workers come to run on machines. */
@NullMarked
package org.isofleet.deploy.launch;

import org.jspecify.annotations.NullMarked;
