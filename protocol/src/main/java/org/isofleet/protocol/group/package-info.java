/** What coordinator and worker say to each other: registration, generations, groups, reports. */
@NullMarked
package org.isofleet.protocol.group;

import org.jspecify.annotations.NullMarked;
