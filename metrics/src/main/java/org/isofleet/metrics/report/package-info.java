/** The report of a study: one self-contained HTML file. */
@NullMarked
package org.isofleet.metrics.report;

import org.jspecify.annotations.NullMarked;
