/** What a study folder knows, as tables of other programs. */
@NullMarked
package org.isofleet.deploy.export;

import org.jspecify.annotations.NullMarked;
