package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.List;
import org.isofleet.protocol.run.RunEvent;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one input.
 *
 * @param next the state after it
 * @param events to persist before anything else happens
 * @param effects to carry out after that, in order
 * @param wakeAt when to decide again at the latest; null when only on an input
 */
public record RunDecision(
        RunState next,
        List<RunEvent> events,
        List<RunEffect> effects,
        @Nullable Instant wakeAt) {
    public RunDecision {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }
}
