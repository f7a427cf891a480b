/** Linear probes: multinomial logistic regression on fixed features. */
@NullMarked
package org.isofleet.metrics.probe;

import org.jspecify.annotations.NullMarked;
