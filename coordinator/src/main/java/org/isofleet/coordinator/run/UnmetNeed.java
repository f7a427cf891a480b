package org.isofleet.coordinator.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A need that no living worker can meet.
 *
 * @param since when that was first known
 * @param shown the reason as it was last shown; null before
 */
public record UnmetNeed(Instant since, @Nullable String shown) {}
