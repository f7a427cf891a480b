/** From the name of a study to its plan: study files, embedded studies, tunings and images put together. */
@NullMarked
package org.isofleet.deploy.study;

import org.jspecify.annotations.NullMarked;
