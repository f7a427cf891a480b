/** The command line. */
@NullMarked
package org.isofleet.deploy.cli;

import org.jspecify.annotations.NullMarked;
