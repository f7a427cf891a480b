package org.isofleet.deploy.chaos;

import java.util.Comparator;
import java.util.List;

/**
 * All that one worker process has told.
 *
 * @param worker its number, from 0
 * @param sights oldest first
 */
record Trace(int worker, List<Sight> sights) {
    Trace {
        sights = sights.stream()
                .sorted(Comparator.comparingLong(Sight::atMillis))
                .toList();
    }
}
