/** What this machine can do: devices, engines and what keeps one from a device, with the mend. */
@NullMarked
package org.isofleet.deploy.doctor;

import org.jspecify.annotations.NullMarked;
