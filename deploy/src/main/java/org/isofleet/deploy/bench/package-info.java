/** Benchmarks, each paired in one run with what it is compared to. */
@NullMarked
package org.isofleet.deploy.bench;

import org.jspecify.annotations.NullMarked;
