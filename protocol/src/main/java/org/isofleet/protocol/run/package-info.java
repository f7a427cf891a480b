/** Commands and events of a run and of a study as they cross between coordinators and enter the journal. */
@NullMarked
package org.isofleet.protocol.run;

import org.jspecify.annotations.NullMarked;
